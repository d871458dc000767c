import assert from "node:assert/strict";
import fc from "fast-check";
import { type Column, MasterProgram } from "../../../scheduling/packing/master_program.ts";

const columns = fc.array(
  fc.record({
    cost: fc.integer({ min: 1, max: 50 }),
    counts: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 4 }),
  }),
  { maxLength: 12 },
).map((list): Column[] =>
  list.map(({ cost, counts }) => ({ cost, counts: Int32Array.from(counts) }))
);
const demands = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 });

function singles(costs: readonly number[]): Column[] {
  return costs.map((cost, row) => ({
    cost,
    counts: Int32Array.from(costs, (_, item) => item === row ? 1 : 0),
  }));
}

Deno.test("the optimum is proven by its own duals: feasible on both sides, and equal", () => {
  fc.assert(fc.property(columns, demands, (extra, demand) => {
    const program = new MasterProgram(Int32Array.from(demand), singles([40, 40, 40, 40]));
    for (const column of extra) program.add(column);
    program.optimise(1000);
    const solution = program.solution();
    // Primal: every item is covered, nothing negative.
    for (const [item, wanted] of demand.entries()) {
      const covered = solution.reduce(
        (sum, { column, amount }) => sum + amount * (program.columns[column]?.counts[item] ?? 0),
        0,
      );
      assert.ok(covered >= wanted - 1e-6);
    }
    for (const { amount } of solution) assert.ok(amount > 0);
    // Dual: no column is cheaper than what it covers is worth.
    const duals = program.duals();
    for (const dual of duals) assert.ok(dual >= -1e-6);
    for (const { cost, counts } of program.columns) {
      assert.ok(
        counts.reduce((sum, count, item) => sum + count * (duals[item] ?? 0), 0) <= cost + 1e-6,
      );
    }
    const worth = demand.reduce((sum, wanted, item) => sum + wanted * (duals[item] ?? 0), 0);
    assert.ok(Math.abs(worth - program.objective()) < 1e-6);
  }));
});

Deno.test("columns may be added after optimising", () => {
  const program = new MasterProgram(Int32Array.of(8), singles([2]));
  program.optimise(10);
  assert.equal(program.objective(), 16);
  program.add({ cost: 8, counts: Int32Array.of(8) });
  program.optimise(10);
  assert.equal(program.objective(), 8);
  assert.deepEqual(program.solution(), [{ column: 1, amount: 1 }]);
});
