import "./styles/app.css";
import "htmx.org";
import { keepWishes } from "./shared/filtering";
import { define } from "./shared/island";
import { forgetMended } from "./shared/mending";
import { closeMenus } from "./shared/menus";
import { tellTicks } from "./shared/ticks";

forgetMended(document);
closeMenus(document);
keepWishes(document);
tellTicks(document);

define("cw-passkey", () => import("./islands/passkey/index"));
define("cw-map", () => import("./islands/map/index"));
define("cw-count", () => import("./islands/count/index"));
define("cw-picker", () => import("./islands/picker/index"));
define("cw-trend", () => import("./islands/trend/index"));
