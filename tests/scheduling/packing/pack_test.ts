import assert from "node:assert/strict";
import fc from "fast-check";
import { fits, type Pattern, type Problem, totalCost } from "../../../scheduling/packing/model.ts";
import { defaultEffort, pack } from "../../../scheduling/packing/pack.ts";
import { solveExactly } from "../../support/exact_packing.ts";
import { problemArbitrary } from "../../support/packing_arbitrary.ts";

/** Machines of 1, 2, 4 and 8 GPUs at these prices; absent sizes are not sold. */
function gpuMachines(prices: Readonly<Record<number, number>>): Problem["kinds"] {
  return Object.entries(prices).map(([gpus, cost]) => ({
    cost,
    room: Float64Array.of(Number(gpus)),
  }));
}

function gpuItems(kinds: number, demand: Readonly<Record<number, number>>): Problem["items"] {
  return Object.entries(demand).map(([gpus, count]) => ({
    count,
    size: Float64Array.of(Number(gpus)),
    allowed: new Uint8Array(kinds).fill(1),
  }));
}

function coverage(problem: Problem, patterns: readonly Pattern[]): number[] {
  return problem.items.map((_, item) =>
    patterns.reduce((sum, { counts }) => sum + (counts[item] ?? 0), 0)
  );
}

function sizes(problem: Problem, patterns: readonly Pattern[]): number[] {
  return patterns.map(({ kind }) => problem.kinds[kind]?.room[0] ?? 0).sort((a, b) => b - a);
}

const cases: readonly [string, Record<number, number>, Record<number, number>, number[]][] = [
  ["eight single GPUs onto one large machine when that is cheaper", { 1: 2, 8: 15 }, { 1: 8 }, [8]],
  ["eight single GPUs onto eight machines when that is cheaper", { 1: 2, 8: 17 }, { 1: 8 }, [
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
  ]],
  ["eight single GPUs onto two halves when those are cheapest", { 1: 2, 4: 7, 8: 15 }, { 1: 8 }, [
    4,
    4,
  ]],
  ["three onto two and one", { 1: 2, 2: 3, 4: 6 }, { 1: 3 }, [2, 1]],
  ["three onto one machine of four when that is cheaper", { 1: 2, 2: 4, 4: 5 }, { 1: 3 }, [4]],
  ["small pods beside a large one", { 2: 4, 4: 7, 8: 9 }, { 4: 1, 1: 4 }, [8]],
];
for (const [name, prices, demand, expected] of cases) {
  Deno.test(`pack() puts ${name}`, () => {
    const kinds = gpuMachines(prices);
    const problem = { kinds, items: gpuItems(kinds.length, demand) };
    assert.deepEqual(sizes(problem, pack(problem)), expected);
  });
}

function checkPacking(problem: Problem, patterns: readonly Pattern[]): void {
  assert.deepEqual(coverage(problem, patterns), problem.items.map(({ count }) => count));
  for (const { kind, counts } of patterns) assert.ok(fits(problem, kind, counts));
}

Deno.test("pack() finds the optimum of small problems", () => {
  fc.assert(
    fc.property(problemArbitrary(8), (problem) => {
      const patterns = pack(problem);
      checkPacking(problem, patterns);
      assert.equal(totalCost(problem, patterns), solveExactly(problem));
    }),
    { numRuns: 200 },
  );
});

Deno.test("pack() never costs more than a machine for each copy, whatever the effort", () => {
  const effort = fc.record({
    itemsAtOnce: fc.integer({ min: 1, max: 4 }),
    kindsAtOnce: fc.integer({ min: 1, max: 5 }),
    copiesAtOnce: fc.integer({ min: 1, max: 10 }),
    maxVisits: fc.integer({ min: 0, max: 50 }),
  });
  fc.assert(
    fc.property(problemArbitrary(40), effort, (problem, effort) => {
      const patterns = pack(problem, effort);
      checkPacking(problem, patterns);
      const alone = problem.items.reduce((sum, item) => {
        const costs = problem.kinds.flatMap(({ cost, room }, kind) =>
          item.allowed[kind] && item.size.every((size, d) => size <= (room[d] ?? 0)) ? [cost] : []
        );
        return sum + item.count * Math.min(...costs);
      }, 0);
      assert.ok(totalCost(problem, patterns) <= alone);
    }),
    { numRuns: 200 },
  );
});

Deno.test("pack() gives the same answer every time", () => {
  fc.assert(
    fc.property(problemArbitrary(30), (problem) => {
      assert.deepEqual(pack(problem), pack(problem));
    }),
    { numRuns: 50 },
  );
});

Deno.test("pack() covers thousands of copies without searching them one by one", () => {
  const kinds = gpuMachines({ 1: 2, 2: 3.8, 4: 7.4, 8: 14 });
  const problem = { kinds, items: gpuItems(kinds.length, { 1: 3001, 2: 1500, 4: 700 }) };
  const patterns = pack(problem);
  checkPacking(problem, patterns);
  const bound = (3001 + 3000 + 2800) / 8 * 14;
  assert.ok(totalCost(problem, patterns) <= bound + 14);
});

Deno.test("pack() refuses items that fit nowhere", () => {
  const kinds = gpuMachines({ 1: 2 });
  assert.throws(() => pack({ kinds, items: gpuItems(1, { 2: 1 }) }), RangeError);
});

Deno.test("the default effort is frozen", () => {
  assert.ok(Object.isFrozen(defaultEffort));
});
