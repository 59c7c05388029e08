import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson } from "./json";

const holding = (text: string | null) => ({ querySelector: () => (text === null ? null : { textContent: text }) });

test("reads what the page put inside", () => {
  assert.deepEqual(readJson(holding('{"weeks": [1, 2]}') as never), { weeks: [1, 2] });
});

test("nothing, an empty text and a broken text give null", () => {
  for (const text of [null, "", "{weeks"]) assert.equal(readJson(holding(text) as never), null);
});
