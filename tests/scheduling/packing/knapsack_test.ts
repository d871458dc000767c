import assert from "node:assert/strict";
import fc from "fast-check";
import { fillMachine } from "../../../scheduling/packing/knapsack.ts";
import { fits, type Problem } from "../../../scheduling/packing/model.ts";
import { problemArbitrary } from "../../support/packing_arbitrary.ts";

/** The largest value by trying every count of every item. */
function bestValue(
  problem: Problem,
  kind: number,
  values: Float64Array,
  demand: Int32Array,
): number {
  const counts = new Int32Array(problem.items.length);
  const visit = (item: number): number => {
    if (item === counts.length) {
      if (!fits(problem, kind, counts)) return -Infinity;
      return counts.reduce((sum, count, index) => sum + count * (values[index] ?? 0), 0);
    }
    let best = -Infinity;
    for (let count = 0; count <= (demand[item] ?? 0); count++) {
      counts[item] = count;
      best = Math.max(best, visit(item + 1));
    }
    counts[item] = 0;
    return best;
  };
  return visit(0);
}

Deno.test("fillMachine() finds the most valuable filling", () => {
  const worth = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 5, maxLength: 5 });
  fc.assert(fc.property(problemArbitrary(8), worth, (problem, worth) => {
    const values = Float64Array.from(problem.items, (_, item) => worth[item] ?? 0);
    const demand = Int32Array.from(problem.items, ({ count }) => count);
    for (const kind of problem.kinds.keys()) {
      const filling = fillMachine(problem, kind, { values, demand });
      assert.equal(filling?.value ?? 0, bestValue(problem, kind, values, demand));
      if (!filling) continue;
      assert.ok(fits(problem, kind, filling.counts));
      assert.ok(filling.counts.every((count, item) => count <= (demand[item] ?? 0)));
    }
  }));
});

Deno.test("fillMachine() finds nothing that is worth no more than asked", () => {
  const problem: Problem = {
    kinds: [{ cost: 1, room: Float64Array.of(2) }],
    items: [{ count: 3, size: Float64Array.of(1), allowed: Uint8Array.of(1) }],
  };
  const demand = Int32Array.of(3);
  const values = Float64Array.of(5);
  assert.equal(fillMachine(problem, 0, { values, demand, least: 10 }), undefined);
  assert.deepEqual(fillMachine(problem, 0, { values, demand, least: 9 })?.counts, Int32Array.of(2));
});

Deno.test("fillMachine() settles for a good filling where hundreds of pods fit", () => {
  const count = 40;
  const problem: Problem = {
    kinds: [{ cost: 1, room: Float64Array.of(100_000, 100_000) }],
    items: Array.from({ length: count }, (_, item) => ({
      count: 30,
      size: Float64Array.of(101 + 37 * item % 211, 103 + 53 * item % 197),
      allowed: Uint8Array.of(1),
    })),
  };
  const values = Float64Array.from(problem.items, ({ size }) => (size[0] ?? 0) + (size[1] ?? 0));
  const demand = new Int32Array(count).fill(30);
  const filling = fillMachine(problem, 0, { values, demand });
  assert.ok((filling?.value ?? 0) > 0.95 * 200_000);
});
