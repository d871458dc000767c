import assert from "node:assert/strict";
import { findExcess } from "../../../controller/admission/excess.ts";

Deno.test("findExcess() passes what objects of ours may hold at most", () => {
  const requirement = { key: "k".repeat(317), operator: "In", values: Array(64).fill("v") };
  assert.equal(findExcess({ requirements: Array(64).fill(requirement) }), undefined);
  assert.equal(findExcess({ caBundle: "A".repeat(65_536) }), undefined);
  assert.equal(findExcess(undefined), undefined);
});

Deno.test("findExcess() counts wherever values are, and however deep", () => {
  const deep = JSON.parse("[".repeat(30_000) + "]".repeat(30_000));
  const wide = Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [index, 1]));
  for (const value of [deep, wide, [wide], Array(30_000).fill(null)]) {
    assert.equal(findExcess(value), "holds more than 20000 values");
  }
  assert.equal(findExcess({ a: ["x".repeat(100_001)] }), "holds a text of 100001 characters");
});
