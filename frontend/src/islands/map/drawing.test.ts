import assert from "node:assert/strict";
import { test } from "node:test";
import { type Drawn, isFitted, lookOf, type Palette, type Role } from "./drawing";

const palette: Palette = { ink: "#1", faint: "#2", paper: "#3", line: "#4", strong: "#5", shade: "#6" };
const drawn = (...roles: Role[]): Drawn => ({
  tiles: "",
  places: { type: "FeatureCollection", features: roles.map((role) => ({ properties: { name: role, role } })) },
});

test("roles differ without colour too, and the record lies on top", () => {
  const [place, area, beside] = (["place", "area", "beside"] as const).map((role) => lookOf(role, palette));
  assert.deepEqual([place?.order, area?.order, beside?.order], [3, 2, 1]);
  assert.deepEqual([area?.dash, beside?.dash], [[], [4, 3]]);
  assert.notEqual(area?.width, beside?.width);
});

test("the first look holds the record and its area, never the neighbours", () => {
  const map = drawn("beside", "area", "place");
  assert.deepEqual(
    (["place", "area", "beside"] as const).map((role) => isFitted(role, map)),
    [true, true, false],
  );
  assert.deepEqual([isFitted("place", drawn("place")), isFitted("area", drawn("area"))], [true, true]);
});
