import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addBit,
  createBitset,
  hasBit,
  keepBits,
  nextCommonBit,
} from "../../../scheduling/solver/bitset.ts";

const size = 100;
const members = fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }));

function build(numbers: readonly number[]) {
  const bits = createBitset(size);
  for (const number of numbers) addBit(bits, number);
  return bits;
}

function list(...sets: [ReturnType<typeof build>, ReturnType<typeof build>?]): number[] {
  const found: number[] = [];
  for (let at = nextCommonBit(0, ...sets); at >= 0; at = nextCommonBit(at + 1, ...sets)) {
    found.push(at);
  }
  return found;
}

Deno.test("a bitset behaves like a set of numbers", () => {
  fc.assert(
    fc.property(members, members, fc.integer({ min: 0, max: size - 1 }), (left, right, one) => {
      const ascending = [...left].sort((a, b) => a - b);
      assert.deepEqual(list(build(left)), ascending);
      assert.equal(hasBit(build(left), one), left.includes(one));
      const both = ascending.filter((number) => right.includes(number));
      assert.deepEqual(list(build(left), build(right)), both);
      const kept = build(left);
      keepBits(kept, build(right));
      assert.deepEqual(list(kept), both);
      assert.equal(
        nextCommonBit(one, build(left)),
        ascending.find((number) => number >= one) ?? -1,
      );
    }),
  );
});
