import assert from "node:assert/strict";
import { isInRange, parseRange } from "../../../plugin/offers/range.ts";

const parse = (text: string) =>
  parseRange(text, (end) => /^\d+$/.test(end) ? Number(end) : undefined);

Deno.test("parseRange() reads both ends, either end, and a single value", () => {
  assert.deepEqual(parse("4..8"), { min: 4, max: 8 });
  assert.deepEqual(parse("4.."), { min: 4, max: undefined });
  assert.deepEqual(parse("..8"), { min: undefined, max: 8 });
  assert.deepEqual(parse("4"), { min: 4, max: 4 });
});

Deno.test("parseRange() refuses what is no range", () => {
  for (const text of ["", "..", "a..8", "4..b", "..b", "4-8"]) assert.equal(parse(text), undefined);
});

Deno.test("isInRange() includes both ends", () => {
  const range = { min: 4, max: 8 };
  assert.deepEqual([3, 4, 8, 9].map((value) => isInRange(value, range)), [
    ...[false, true, true, false],
  ]);
});
