import "ol/ol.css";
import ScaleLine from "ol/control/ScaleLine";
import Zoom from "ol/control/Zoom";
import { createEmpty, extend, isEmpty } from "ol/extent";
import type { FeatureLike } from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import OlMap from "ol/Map";
import VectorSource from "ol/source/Vector";
import XYZ from "ol/source/XYZ";
import { Circle, Fill, Stroke, Style, Text } from "ol/style";
import View from "ol/View";
import { readJson } from "../../shared/json";
import { type Drawn, isFitted, lookOf, type Palette, type Role } from "./drawing";

const NEAREST = 17;
const FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

function palette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: token("--cw-ink"),
    faint: token("--cw-ink-faint"),
    paper: token("--cw-shade"),
    line: token("--cw-line-strong"),
    strong: token("--tblr-primary"),
    shade: token("--cw-map-area"),
  };
}

function styleOf(role: Role, name: string, colours: Palette): Style {
  const look = lookOf(role, colours);
  const stroke = new Stroke({ color: look.stroke, width: look.width, lineDash: look.dash });
  return new Style({
    stroke,
    fill: new Fill({ color: look.fill }),
    image: new Circle({
      radius: 7,
      fill: new Fill({ color: look.stroke }),
      stroke: new Stroke({ color: "#fff", width: 2.5 }),
    }),
    text: new Text({
      text: name,
      font: `${look.weight} ${look.size}px ${FONT}`,
      fill: new Fill({ color: look.text }),
      stroke: new Stroke({ color: "#fff", width: 3 }),
      // A name wider than its area is still wanted.
      overflow: true,
      offsetY: role === "place" ? -16 : 0,
    }),
    zIndex: look.order,
  });
}

/**
 * `<cw-map>` draws a record on a small map: no base map unless the installation has one, and it still reads.
 *
 * The words inside it stay: they are the map for readers, printers and pages without scripts.
 */
export default class MapIsland extends HTMLElement {
  #map: OlMap | null = null;

  connectedCallback(): void {
    const drawn = readJson<Drawn>(this);
    if (this.#map || !drawn?.places.features.length) return;
    this.querySelector(".cw-map-canvas")?.remove();
    const canvas = document.createElement("div");
    canvas.className = "cw-map-canvas";
    // Wheel and drag belong to the page until somebody has clicked into the map.
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", this.getAttribute("label") ?? "位置图");
    const north = document.createElement("span");
    north.className = "cw-map-north";
    north.textContent = "北";
    canvas.append(north);
    this.prepend(canvas);
    this.#draw(canvas, drawn);
  }

  disconnectedCallback(): void {
    this.#map?.setTarget(undefined);
    this.#map = null;
    this.querySelector(".cw-map-canvas")?.remove();
  }

  #draw(canvas: HTMLElement, drawn: Drawn): void {
    const colours = palette(this);
    const reading = { dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" };
    const features = new GeoJSON().readFeatures(drawn.places, reading);
    const layer = new VectorLayer({
      source: new VectorSource({ features }),
      style: (feature: FeatureLike) => styleOf(feature.get("role"), feature.get("name"), colours),
      declutter: true,
    });
    const tiles = drawn.tiles ? [new TileLayer({ source: new XYZ({ url: drawn.tiles }), opacity: 0.7 })] : [];
    const view = new View({ maxZoom: NEAREST + 1, enableRotation: false });
    this.#map = new OlMap({
      target: canvas,
      layers: [...tiles, layer],
      view,
      controls: [new Zoom({ zoomInTipLabel: "放大", zoomOutTipLabel: "缩小" }), new ScaleLine({ minWidth: 64 })],
      interactions: defaultInteractions({ onFocusOnly: true, altShiftDragRotate: false, pinchRotate: false }),
    });
    const around = createEmpty();
    for (const feature of features) {
      const shape = feature.getGeometry();
      if (shape && isFitted(feature.get("role"), drawn)) extend(around, shape.getExtent());
    }
    if (!isEmpty(around)) view.fit(around, { padding: [28, 28, 36, 28], maxZoom: NEAREST });
  }
}
