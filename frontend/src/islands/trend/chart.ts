/** One subject's course over the periods; null where it was not ranked. */
export interface Line {
  name: string;
  totals: (number | null)[];
  ranks: (number | null)[];
  /** What hung on the subject after each period: "红旗", "黄旗" or nothing. */
  flags?: (string | null)[];
}

/** What the page gives `<cw-trend>`: the periods in order, and one line or several. */
export interface Trend {
  periods: string[];
  lines: Line[];
}

export type Metric = "both" | "total" | "rank";

/** The colours, taken from the page's own tokens so that chart and page agree. */
export interface Palette {
  text: string;
  grid: string;
  strong: string;
  quiet: string;
  red: string;
  yellow: string;
}

/** Told apart by lightness too; red and yellow are left to the flags. */
const COLOURS = ["#0b6468", "#b4602a", "#4a5ba8", "#6b7a1f", "#8c3f6b", "#5b6b73"] as const;
const DASHES = ["solid", "dashed", "dotted"] as const;
const SHAPES = ["circle", "rect", "triangle", "diamond"] as const;

/** "2023-W36" is read as 第36周; anything else stays as it is. */
export function periodLabel(period: string): string {
  const week = /^\d{4}-W(\d{2})$/.exec(period)?.[1];
  return week ? `第${Number(week)}周` : period;
}

/** The lowest and highest rank drawn: always whole numbers, never fewer than two steps apart. */
export function rankBounds(lines: Line[]): { min: number; max: number } {
  const ranks = lines.flatMap((line) => line.ranks).filter((rank): rank is number => rank !== null);
  return { min: 1, max: Math.max(3, ...ranks) };
}

/** Narrower than this the names of neighbouring flags would run into one another: the coloured marks stay alone. */
export const LABELS_FROM = 560;

/** A mark per point; where a flag hung it is larger, coloured, and with room the flag's name stands over it. */
function points(line: Line, values: (number | null)[], palette: Palette, labels: boolean) {
  return values.map((value, index) => {
    const flag = line.flags?.[index];
    if (value === null || !flag) return { value };
    const colour = flag.includes("红") ? palette.red : palette.yellow;
    const label = { show: labels, formatter: flag, position: "top" as const, color: palette.text };
    return { value, symbolSize: 12, itemStyle: { color: colour }, name: flag, label };
  });
}

function values(line: Line, metric: "total" | "rank"): (number | null)[] {
  return metric === "total" ? line.totals : line.ranks;
}

function series(
  trend: Trend,
  metric: "total" | "rank",
  axis: number,
  palette: Palette,
  both: boolean,
  labels: boolean,
) {
  const title = metric === "total" ? "总分" : "名次";
  return trend.lines.map((line, index) => ({
    type: "line" as const,
    name: both ? title : trend.lines.length === 1 ? title : line.name,
    yAxisIndex: axis,
    // Drawn together, total and rank would say each flag twice.
    data: points(both && metric === "rank" ? { ...line, flags: [] } : line, values(line, metric), palette, labels),
    connectNulls: false,
    labelLayout: { hideOverlap: true },
    symbol: SHAPES[index % SHAPES.length] ?? "circle",
    symbolSize: 7,
    // Lines differ by dash and mark as well as by colour: the page is also printed in black and read by the colour-blind.
    lineStyle: { width: 2, type: both && metric === "rank" ? "dashed" : (DASHES[index % DASHES.length] ?? "solid") },
    ...(both ? { color: metric === "total" ? palette.strong : palette.quiet } : {}),
  }));
}

/** ECharts' description of the chart. Pure: what is drawn depends on the data alone. */
export function chartOption(trend: Trend, metric: Metric, palette: Palette, width = LABELS_FROM) {
  const labels = width >= LABELS_FROM;
  const both = metric === "both" && trend.lines.length === 1;
  const shown = metric === "both" && !both ? "total" : metric;
  const bounds = rankBounds(trend.lines);
  const axisText = { color: palette.text };
  const totalAxis = {
    type: "value" as const,
    name: "总分",
    scale: true,
    axisLabel: axisText,
    nameTextStyle: axisText,
    splitLine: { lineStyle: { color: palette.grid } },
  };
  const rankAxis = {
    ...totalAxis,
    name: "名次",
    // First place is at the top.
    inverse: true,
    scale: false,
    min: bounds.min,
    max: bounds.max,
    interval: Math.max(1, Math.ceil((bounds.max - bounds.min) / 6)),
    splitLine: { show: !both, lineStyle: { color: palette.grid } },
  };
  const axes = both ? [totalAxis, rankAxis] : [shown === "rank" ? rankAxis : totalAxis];
  const drawn = both
    ? [...series(trend, "total", 0, palette, true, labels), ...series(trend, "rank", 1, palette, true, labels)]
    : series(trend, shown === "rank" ? "rank" : "total", 0, palette, false, labels);
  return {
    animation: false,
    color: [...COLOURS],
    textStyle: { color: palette.text },
    grid: { left: 8, right: 8, top: 40, bottom: drawn.length > 1 ? 48 : 8, containLabel: true },
    legend: { show: drawn.length > 1, bottom: 0, type: "scroll" as const, textStyle: axisText },
    // Drawn on the canvas: a tooltip in HTML would need inline styles, which the page's policy forbids.
    tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
    xAxis: { type: "category" as const, data: trend.periods.map(periodLabel), axisLabel: axisText },
    yAxis: axes,
    series: drawn,
  };
}
