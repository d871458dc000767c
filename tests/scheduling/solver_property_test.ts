import assert from "node:assert/strict";
import fc from "fast-check";
import { solve } from "../../scheduling/solver.ts";
import { inputArbitrary } from "../support/scheduling_arbitrary.ts";
import { checkPlan } from "../support/scheduling_checks.ts";
import { toPlanned } from "../support/scheduling.ts";

Deno.test("solve() keeps every rule on arbitrary inputs", () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => checkPlan(input, solve(input))),
    { numRuns: 300 },
  );
});

Deno.test("solve() gives the same plan whatever the order of its input", () => {
  const shuffled = inputArbitrary.chain((input) =>
    fc.record({
      input: fc.constant(input),
      pods: fc.shuffledSubarray([...input.pods], { minLength: input.pods.length }),
      pools: fc.shuffledSubarray([...input.pools], { minLength: input.pools.length }),
      nodes: fc.shuffledSubarray([...input.nodes], { minLength: input.nodes.length }),
      offers: fc.shuffledSubarray([...input.classes.flatMap(({ offers }) => offers)], {
        minLength: input.classes.flatMap(({ offers }) => offers).length,
      }),
    })
  );
  fc.assert(
    fc.property(shuffled, ({ input, pods, pools, nodes, offers }) => {
      const classes = input.classes.map((nodeClass) => ({ ...nodeClass, offers }));
      assert.deepEqual(solve({ ...input, pods, pools, nodes, classes }), solve(input));
    }),
    { numRuns: 150 },
  );
});

Deno.test("solve() buys nothing in a second pass while the first plan is on its way", () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const first = solve(input);
      const planned = first.newNodes.map((newNode, index) => toPlanned(newNode, `claim-${index}`));
      const served = new Set(
        first.newNodes.flatMap(({ pods }) => pods.map(({ uid }) => uid)),
      );
      // What limits left waiting in the first pass must not count here: limits are as before.
      const pods = input.pods.filter(({ metadata }) =>
        served.has(metadata.uid ?? "") ||
        first.placements.some(({ pod }) => pod.uid === metadata.uid)
      );
      const second = solve({ ...input, pods, planned });
      assert.deepEqual(second.newNodes, []);
      assert.deepEqual(second.unplaced, []);
    }),
    { numRuns: 200 },
  );
});
