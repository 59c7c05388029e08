/** What a feature is on the small map: the record itself, the area it lies in, or an area beside. */
export type Role = "place" | "area" | "beside";

/** What the page gives `<cw-map>`: GeoJSON in WGS84 degrees, and an XYZ source where the installation has one. */
export interface Drawn {
  tiles: string;
  places: { type: "FeatureCollection"; features: { properties: { name: string; role: Role } }[] };
}

/** The colours, taken from the page's own tokens so that map and page agree. */
export interface Palette {
  ink: string;
  faint: string;
  paper: string;
  line: string;
  strong: string;
  shade: string;
}

export interface Look {
  stroke: string;
  width: number;
  dash: number[];
  fill: string;
  text: string;
  weight: string;
  size: number;
  order: number;
}

/** How a role is drawn. Roles differ by dash, width and weight as well as by colour: maps are printed in black. */
export function lookOf(role: Role, palette: Palette): Look {
  if (role === "place") {
    return {
      stroke: palette.strong,
      width: 3,
      dash: [],
      fill: palette.strong,
      text: palette.ink,
      weight: "600",
      size: 13,
      order: 3,
    };
  }
  if (role === "area") {
    return {
      stroke: palette.strong,
      width: 2,
      dash: [],
      fill: palette.shade,
      text: palette.strong,
      weight: "600",
      size: 13,
      order: 2,
    };
  }
  return {
    stroke: palette.line,
    width: 1,
    dash: [4, 3],
    fill: palette.paper,
    text: palette.faint,
    weight: "400",
    size: 11,
    order: 1,
  };
}

/** Where the first look goes: to what the record is, not to its neighbours. */
export function isFitted(role: Role, drawn: Drawn): boolean {
  const roles = new Set(drawn.places.features.map((one) => one.properties.role));
  return roles.has("area") ? role === "area" || role === "place" : role === "place";
}
