import assert from "node:assert/strict";
import { test } from "node:test";
import {
  added,
  type Choice,
  choicesOf,
  codesIn,
  cut,
  entered,
  firstly,
  moved,
  NOTHING,
  offered,
  settled,
} from "./choices";

const lane: Choice = { code: "BL-1", name: "竹篮巷", hint: "东关社区" };
const other: Choice = { code: "BL-2", name: "竹篮巷", hint: "西关社区" };
const market: Choice = { code: "SC-1", name: "东关市场", hint: "" };

test("arrows go round, Home and End jump, without rows nothing is marked", () => {
  const steps: [string, number, number, number][] = [
    ["ArrowDown", -1, 3, 0],
    ["ArrowDown", 2, 3, 0],
    ["ArrowUp", 0, 3, 2],
    ["ArrowUp", -1, 3, 2],
    ["Home", 2, 3, 0],
    ["End", 0, 3, 2],
    ["a", 1, 3, 1],
    ["ArrowDown", 0, 0, -1],
  ];
  for (const [key, at, count, expected] of steps) assert.equal(moved(key, at, count), expected, `${key} at ${at}`);
});

test("an empty field means nothing", () => {
  assert.deepEqual(settled("  ", { code: "BL-1", name: "竹篮巷" }, [lane]), NOTHING);
});

test("the name of what was picked keeps it, though others bear it too", () => {
  const before = { code: "BL-1", name: "竹篮巷" };
  assert.deepEqual(settled("竹篮巷", before, [lane, other]), before);
});

test("a code or the only row of a name is taken, anything else is left to the server as a code", () => {
  assert.deepEqual(settled("SC-1", NOTHING, [lane, market]), { code: "SC-1", name: "东关市场" });
  assert.deepEqual(settled("东关市场", NOTHING, [lane, market]), { code: "SC-1", name: "东关市场" });
  assert.deepEqual(settled("竹篮巷", NOTHING, [lane, other]), { code: "竹篮巷", name: "竹篮巷" });
  assert.deepEqual(settled(" X9 ", NOTHING, []), { code: "X9", name: "X9" });
});

test("a name is cut where it fits, whatever the capitals", () => {
  assert.deepEqual(cut("东关市场", "市场"), ["东关", "市场", ""]);
  assert.deepEqual(cut("A区", "a"), ["", "A", "区"]);
  assert.deepEqual(cut("东关", "西"), ["东关", "", ""]);
  assert.deepEqual(cut("东关", ""), ["东关", "", ""]);
});

test("an answer of another shape gives no rows", () => {
  assert.deepEqual(choicesOf([lane, { code: 1 }, null]), [lane]);
  for (const answer of [null, { message: "太长" }, "x"]) assert.deepEqual(choicesOf(answer), []);
});

test("what the page offers stands at the head, once", () => {
  assert.deepEqual(offered(JSON.stringify(market)), [market]);
  for (const text of [undefined, "{", '{"code": 1}']) assert.deepEqual(offered(text), []);
  assert.deepEqual(firstly([market], [lane, market]), [market, lane]);
});

test("codes stand one behind the other, however they are parted, each once", () => {
  assert.deepEqual(codesIn(" BL-1、BL-2，\nSC-1;BL-1 "), ["BL-1", "BL-2", "SC-1"]);
  assert.deepEqual(codesIn(" 、"), []);
});

test("what is typed for several things is one name, or codes and names in a row", () => {
  assert.deepEqual(entered(" ", [lane]), []);
  assert.deepEqual(entered("东关市场", [lane, market]), [{ code: "SC-1", name: "东关市场" }]);
  assert.deepEqual(entered("SC-1、竹篮巷", [lane, other, market]), [
    { code: "SC-1", name: "东关市场" },
    { code: "竹篮巷", name: "竹篮巷" },
  ]);
  const spaced: Choice = { code: "U-1", name: "城管 一组", hint: "" };
  assert.deepEqual(entered("城管 一组", [spaced]), [{ code: "U-1", name: "城管 一组" }]);
});

test("nothing is picked twice, and only code and name are kept", () => {
  const before = [{ code: "BL-1", name: "竹篮巷" }];
  assert.deepEqual(added(before, [lane, market, market]), [...before, { code: "SC-1", name: "东关市场" }]);
});
