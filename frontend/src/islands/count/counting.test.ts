import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf, words } from "./counting";

test("characters are counted as the server counts them", () => {
  const texts: [string, number][] = [
    ["", 0],
    ["  井盖破损\r\n", 4],
    ["一\r\n二\n三", 5],
    ["𠮷野家", 3],
  ];
  for (const [text, length] of texts) assert.equal(lengthOf(text), length, JSON.stringify(text));
});

test("it tells how much is written, and by how much it is too long", () => {
  assert.equal(words(0, 500), "0 / 500 字");
  assert.equal(words(500, 500), "500 / 500 字");
  assert.equal(words(612, 500), "612 / 500 字，多了 112 字，请删短");
});
