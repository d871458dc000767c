import assert from "node:assert/strict";
import * as fc from "fast-check";
import { isSameJson } from "../../../controller/admission/same_json.ts";

Deno.test("isSameJson() agrees with deep equality, whatever the order of members", () => {
  const json = fc.jsonValue({ maxDepth: 6 });
  fc.assert(fc.property(json, json, (left, right) => {
    const text = JSON.stringify(left);
    assert.equal(isSameJson(left, JSON.parse(text)), true);
    assert.equal(isSameJson(left, right), text === JSON.stringify(right) || isEqual(left, right));
  }));
  assert.equal(isSameJson({ a: 1, b: 2 }, { b: 2, a: 1 }), true);
  assert.equal(isSameJson({ a: 1 }, { a: 1, b: undefined }), false);
  assert.equal(isSameJson([], {}), false);
  assert.equal(isSameJson({}, null), false);
});

Deno.test("isSameJson() is not deceived by what objects inherit", () => {
  assert.equal(isSameJson(JSON.parse('{"toString":1}'), JSON.parse('{"valueOf":1}')), false);
  assert.equal(isSameJson(JSON.parse('{"__proto__":{}}'), {}), false);
  const evil = () => JSON.parse('{"__proto__":{"a":1}}');
  assert.equal(isSameJson(evil(), evil()), true);
});

Deno.test("isSameJson() takes what is too deep for different, and exhausts no stack", () => {
  const deep = () => JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  assert.equal(isSameJson(deep(), deep()), false);
});

function isEqual(left: unknown, right: unknown): boolean {
  try {
    assert.deepEqual(left, right);
    return true;
  } catch {
    return false;
  }
}
