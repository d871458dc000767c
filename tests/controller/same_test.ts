import assert from "node:assert/strict";
import fc from "fast-check";
import { isSame } from "../../controller/same.ts";

const table: readonly (readonly [unknown, unknown, boolean])[] = [
  [1, 1, true],
  [1, "1", false],
  [null, undefined, false],
  [null, {}, false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: undefined }, { b: undefined }, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [[1, 2], [1, 2], true],
  [[1, 2], [2, 1], false],
  [[1], [1, 2], false],
  [[], {}, false],
  [{ a: [{ b: 1 }] }, { a: [{ b: 1 }] }, true],
  [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, false],
];

for (const [left, right, same] of table) {
  Deno.test(`isSame(${JSON.stringify(left)}, ${JSON.stringify(right)}) is ${same}`, () => {
    assert.equal(isSame(left, right), same);
    assert.equal(isSame(right, left), same);
  });
}

Deno.test("isSame() agrees with what the wire carries", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      assert.ok(isSame(left, structuredClone(left)));
      const canonical = (value: unknown) =>
        JSON.stringify(
          value,
          (_key, inner) =>
            inner && typeof inner === "object" && !Array.isArray(inner)
              ? Object.fromEntries(Object.entries(inner).sort())
              : inner,
        );
      // The wire has no minus zero.
      if (canonical(left).includes("-0") || canonical(right).includes("-0")) return;
      assert.equal(isSame(left, right), canonical(left) === canonical(right));
    }),
  );
});
