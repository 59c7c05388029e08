import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { readJson } from "../../shared/json";
import { chartOption, type Metric, type Palette, type Trend } from "./chart";

use([LineChart, GridComponent, LegendComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

function palette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: token("--cw-chart-text"),
    grid: token("--cw-chart-grid"),
    strong: token("--cw-chart-strong"),
    quiet: token("--cw-chart-quiet"),
    red: token("--cw-flag-red"),
    yellow: token("--cw-flag-yellow"),
  };
}

/**
 * `<cw-trend metric="both|total|rank">` draws the course of scores and ranks over the periods.
 *
 * The table inside it is the same data in words: it stays for readers, printers and pages without scripts.
 */
export default class TrendIsland extends HTMLElement {
  #chart: ECharts | null = null;
  #resized: ResizeObserver | null = null;

  connectedCallback(): void {
    const trend = readJson<Trend>(this);
    if (this.#chart || !trend?.periods.length || !trend.lines.length) return;
    const canvas = document.createElement("div");
    canvas.className = "cw-trend-canvas";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.getAttribute("label") ?? "历次得分与名次走势");
    this.prepend(canvas);
    this.classList.add("is-drawn");
    this.#chart = init(canvas);
    const draw = (): void => {
      const metric = (this.getAttribute("metric") ?? "both") as Metric;
      this.#chart?.setOption(chartOption(trend, metric, palette(this), canvas.clientWidth));
    };
    draw();
    this.#resized = new ResizeObserver(() => {
      this.#chart?.resize();
      draw();
    });
    this.#resized.observe(canvas);
  }

  disconnectedCallback(): void {
    this.#resized?.disconnect();
    this.#chart?.dispose();
    this.#chart = null;
    this.querySelector(".cw-trend-canvas")?.remove();
  }
}
