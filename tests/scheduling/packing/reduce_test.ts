import assert from "node:assert/strict";
import fc from "fast-check";
import type { Problem } from "../../../scheduling/packing/model.ts";
import { reduceKinds, shortlistKinds } from "../../../scheduling/packing/reduce.ts";
import { solveExactly } from "../../support/exact_packing.ts";
import { problemArbitrary } from "../../support/packing_arbitrary.ts";

Deno.test("reduceKinds() leaves the optimum as it is", () => {
  fc.assert(
    fc.property(problemArbitrary(7), (problem) => {
      assert.equal(solveExactly(reduceKinds(problem).problem), solveExactly(problem));
    }),
    { numRuns: 150 },
  );
});

Deno.test("reduceKinds() drops what is dearer without more room or more items, and what serves nobody", () => {
  const room = Float64Array.of(4);
  const problem: Problem = {
    kinds: [
      { cost: 3, room },
      { cost: 2, room },
      { cost: 2, room },
      { cost: 4, room: Float64Array.of(8) },
      { cost: 1, room },
    ],
    items: [
      { count: 1, size: Float64Array.of(1), allowed: Uint8Array.of(1, 1, 1, 1, 0) },
      { count: 1, size: Float64Array.of(1), allowed: Uint8Array.of(1, 0, 0, 1, 0) },
    ],
  };
  // The first serves an item that the cheaper ones do not; the third equals the second.
  assert.deepEqual([...reduceKinds(problem).kinds].sort(), [0, 1, 3]);
});

Deno.test("shortlistKinds() keeps few kinds, and for each item one that it fits on", () => {
  fc.assert(fc.property(problemArbitrary(12), fc.integer({ min: 1, max: 4 }), (problem, most) => {
    const reduced = reduceKinds(problem);
    const short = shortlistKinds(reduced, most);
    assert.ok(short.problem.kinds.length <= Math.max(most, 2 * problem.items.length));
    for (const { size, allowed } of short.problem.items) {
      assert.ok(
        short.problem.kinds.some(({ room }, kind) =>
          allowed[kind] === 1 && size.every((needed, d) => needed <= (room[d] ?? 0))
        ),
      );
    }
    assert.deepEqual(short.problem.kinds, short.kinds.map((kind) => problem.kinds[kind]));
  }));
});
