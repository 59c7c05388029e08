import assert from "node:assert/strict";
import { test } from "node:test";
import { chartOption, LABELS_FROM, type Line, type Palette, periodLabel, rankBounds } from "./chart";

const palette: Palette = { text: "#1", grid: "#2", strong: "#3", quiet: "#4", red: "#5", yellow: "#6" };
const line = (name: string, more: Partial<Line> = {}): Line => ({ name, totals: [90, 91.5], ranks: [2, 1], ...more });
const periods = ["2023-W36", "2023-W37"];

test("weeks are written as people say them, other periods as given", () => {
  assert.deepEqual(["2023-W36", "2024-W01", "2024-03"].map(periodLabel), ["第36周", "第1周", "2024-03"]);
});

test("ranks start at one and never collapse to a single step", () => {
  assert.deepEqual(rankBounds([line("甲", { ranks: [null, null] })]), { min: 1, max: 3 });
  assert.deepEqual(rankBounds([line("甲"), line("乙", { ranks: [13, 12] })]), { min: 1, max: 13 });
});

test("one community shows score and rank on two axes, first place at the top", () => {
  const option = chartOption({ periods, lines: [line("甲")] }, "both", palette);
  assert.deepEqual(
    option.series.map((one) => [one.name, one.yAxisIndex]),
    [
      ["总分", 0],
      ["名次", 1],
    ],
  );
  assert.deepEqual(
    option.yAxis.map((axis) => "inverse" in axis && axis.inverse),
    [false, true],
  );
});

test("several communities share one axis and carry their own names", () => {
  const option = chartOption({ periods, lines: [line("甲"), line("乙")] }, "both", palette);
  assert.deepEqual([option.yAxis.length, option.series.map((one) => one.name)], [1, ["甲", "乙"]]);
  assert.notDeepEqual(option.series[0]?.lineStyle, option.series[1]?.lineStyle);
});

test("a flag marks its period by size, colour and name, a missing period leaves a gap", () => {
  const flagged = line("甲", { totals: [null, 88], flags: [null, "黄旗"] });
  const option = chartOption({ periods, lines: [flagged] }, "total", palette);
  assert.deepEqual(option.series[0]?.data[0], { value: null });
  assert.deepEqual(option.series[0]?.data[1], {
    value: 88,
    symbolSize: 12,
    itemStyle: { color: "#6" },
    name: "黄旗",
    label: { show: true, formatter: "黄旗", position: "top", color: "#1" },
  });
});

test("a narrow chart keeps the marks of flags and leaves out their names", () => {
  const lines = [line("甲", { totals: [null, 88], flags: [null, "黄旗"] })];
  const drawn = [LABELS_FROM - 1, LABELS_FROM].map((width) => {
    const point = chartOption({ periods, lines }, "total", palette, width).series[0]?.data[1];
    return [point && "symbolSize" in point && point.symbolSize, point && "label" in point && point.label?.show];
  });
  assert.deepEqual(drawn, [
    [12, false],
    [12, true],
  ]);
});

test("total and rank of one community together name each flag once", () => {
  const flagged = line("甲", { flags: ["红旗", null] });
  const option = chartOption({ periods, lines: [flagged] }, "both", palette);
  const named = option.series.map((one) => one.data.filter((point) => "name" in point).length);
  assert.deepEqual(named, [1, 0]);
});

test("no part of the chart asks for HTML tooltips, which the page's policy would refuse", () => {
  assert.equal(chartOption({ periods, lines: [line("甲")] }, "rank", palette).tooltip.renderMode, "richText");
});
