import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeFields,
  encodeFields,
  type FieldSet,
  hasPath,
  intersect,
  isEmptySet,
  listPaths,
  subtract,
  subtractBelow,
  toFieldSet,
  unite,
} from "../../../../sim/api_server/apply/field_set.ts";

const element = fc.constantFrom("f:a", "f:b", 'k:{"name":"x"}', 'v:"y"');
const path = fc.array(element, { minLength: 1, maxLength: 4 });
const sets = fc.array(path, { maxLength: 12 }).map((paths) => toFieldSet(...paths));

function toText(set: FieldSet): readonly string[] {
  return listPaths(set).map((one) => one.join(" ")).sort();
}

function combine(
  left: FieldSet,
  right: FieldSet,
  keep: (inLeft: boolean, inRight: boolean) => boolean,
): readonly string[] {
  const all = new Set([...toText(left), ...toText(right)]);
  return [...all].filter((text) => {
    const one = text.split(" ");
    return keep(hasPath(left, one), hasPath(right, one));
  }).sort();
}

Deno.test("field sets are sets of paths", () => {
  fc.assert(fc.property(sets, sets, (left, right) => {
    assert.deepEqual(toText(unite(left, right)), combine(left, right, (one, two) => one || two));
    assert.deepEqual(
      toText(intersect(left, right)),
      combine(left, right, (one, two) => one && two),
    );
    assert.deepEqual(
      toText(subtract(left, right)),
      combine(left, right, (one, two) => one && !two),
    );
    assert.ok(isEmptySet(subtract(left, left)));
  }));
});

Deno.test("subtractBelow() takes whole branches", () => {
  fc.assert(fc.property(sets, sets, (left, right) => {
    const expected = listPaths(left).filter((one) =>
      !one.some((_step, index) => hasPath(right, one.slice(0, index + 1)))
    );
    assert.deepEqual(
      toText(subtractBelow(left, right)),
      expected.map((one) => one.join(" ")).sort(),
    );
  }));
});

Deno.test("encodeFields() and decodeFields() are inverse", () => {
  fc.assert(fc.property(sets, (set) => {
    assert.deepEqual(toText(decodeFields(encodeFields(set))), toText(set));
  }));
});

Deno.test("encodeFields() writes what the real server writes", () => {
  const set = toFieldSet(
    ["f:spec", "f:parts", 'k:{"name":"p"}'],
    ["f:spec", "f:parts", 'k:{"name":"p"}', "f:name"],
    ["f:spec", "f:size"],
  );
  assert.deepEqual(encodeFields(set), {
    "f:spec": {
      "f:parts": { 'k:{"name":"p"}': { ".": {}, "f:name": {} } },
      "f:size": {},
    },
  });
});
