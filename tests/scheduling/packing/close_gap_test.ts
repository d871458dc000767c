import assert from "node:assert/strict";
import fc from "fast-check";
import { closeGap } from "../../../scheduling/packing/close_gap.ts";
import { solveFractionally } from "../../../scheduling/packing/column_generation.ts";
import {
  findCheapestKind,
  type Pattern,
  type Problem,
  totalCost,
} from "../../../scheduling/packing/model.ts";
import { solveExactly } from "../../support/exact_packing.ts";
import { problemArbitrary } from "../../support/packing_arbitrary.ts";

/** The dearest sensible solution: a machine for each copy. */
function alone(problem: Problem): Pattern[] {
  return problem.items.flatMap(({ count }, item) => {
    const counts = new Int32Array(problem.items.length);
    counts[item] = 1;
    const kind = findCheapestKind(problem, counts) ?? 0;
    return Array.from({ length: count }, () => ({ kind, counts }));
  });
}

function search(problem: Problem, maxVisits: number) {
  const machines = alone(problem);
  const demand = Int32Array.from(problem.items, ({ count }) => count);
  const { cost: bound, values } = solveFractionally(problem, demand);
  const cost = totalCost(problem, machines);
  return closeGap(problem, { machines, cost, bound, values, maxVisits });
}

Deno.test("closeGap() finds the optimum from the worst start, and knows that it did", () => {
  fc.assert(
    fc.property(problemArbitrary(8), (problem) => {
      const { machines, isOptimal } = search(problem, Infinity);
      assert.ok(isOptimal);
      assert.equal(totalCost(problem, machines), solveExactly(problem));
    }),
    { numRuns: 150 },
  );
});

Deno.test("closeGap() keeps the known solution when it may not search, and does not boast", () => {
  fc.assert(fc.property(problemArbitrary(8), (problem) => {
    const { machines, isOptimal } = search(problem, 0);
    assert.ok(totalCost(problem, machines) <= totalCost(problem, alone(problem)));
    if (isOptimal) assert.equal(totalCost(problem, machines), solveExactly(problem));
  }));
});
