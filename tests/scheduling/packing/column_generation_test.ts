import assert from "node:assert/strict";
import fc from "fast-check";
import { solveFractionally, trimPattern } from "../../../scheduling/packing/column_generation.ts";
import { fits, type Problem } from "../../../scheduling/packing/model.ts";
import { solveExactly } from "../../support/exact_packing.ts";
import { problemArbitrary } from "../../support/packing_arbitrary.ts";

Deno.test("solveFractionally() covers the demand for no more than whole machines can", () => {
  fc.assert(
    fc.property(problemArbitrary(8), (problem) => {
      const demand = Int32Array.from(problem.items, ({ count }) => count);
      const { used, cost, values } = solveFractionally(problem, demand);
      for (const [item, wanted] of demand.entries()) {
        const covered = used.reduce(
          (sum, { pattern, amount }) => sum + amount * (pattern.counts[item] ?? 0),
          0,
        );
        assert.ok(covered >= wanted - 1e-6);
      }
      for (const { pattern } of used) assert.ok(fits(problem, pattern.kind, pattern.counts));
      assert.ok(cost <= solveExactly(problem) + 1e-6);
      const worth = demand.reduce((sum, wanted, item) => sum + wanted * (values[item] ?? 0), 0);
      assert.ok(Math.abs(worth - cost) < 1e-6);
    }),
    { numRuns: 150 },
  );
});

const problem: Problem = {
  kinds: [{ cost: 3, room: Float64Array.of(4) }, { cost: 1, room: Float64Array.of(1) }],
  items: [{ count: 4, size: Float64Array.of(1), allowed: Uint8Array.of(1, 1) }],
};

Deno.test("trimPattern() cuts to the demand and changes to the cheapest kind that still holds it", () => {
  const pattern = { kind: 0, counts: Int32Array.of(4) };
  assert.equal(trimPattern(problem, pattern, Int32Array.of(9)), pattern);
  assert.deepEqual(trimPattern(problem, pattern, Int32Array.of(3)), {
    kind: 0,
    counts: Int32Array.of(3),
  });
  assert.deepEqual(trimPattern(problem, pattern, Int32Array.of(1)), {
    kind: 1,
    counts: Int32Array.of(1),
  });
  assert.equal(trimPattern(problem, pattern, Int32Array.of(0)), undefined);
});

Deno.test("solveFractionally() refuses an item that fits nowhere", () => {
  const items = [{ count: 1, size: Float64Array.of(9), allowed: Uint8Array.of(1, 1) }];
  assert.throws(() => solveFractionally({ ...problem, items }, Int32Array.of(1)), RangeError);
});
