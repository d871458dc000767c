import assert from "node:assert/strict";
import fc from "fast-check";
import { solve, type SolveInput } from "../../scheduling/solver.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import {
  buildInput,
  buildOffer,
  buildPod,
  buildPods,
  buildPool,
  toPlanned,
} from "../support/scheduling.ts";
import { inputArbitrary } from "../support/scheduling_arbitrary.ts";
import { checkPlan, priceOf } from "../support/scheduling_checks.ts";

Deno.test("solve() keeps every rule on arbitrary inputs", () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => checkPlan(input, solve(input))),
    { numRuns: 400 },
  );
});

Deno.test("solve() gives the same plan whatever the order of its input", () => {
  const shuffled = inputArbitrary.chain((input) => {
    const offers = input.classes.flatMap((nodeClass) => nodeClass.offers);
    return fc.record({
      input: fc.constant(input),
      pods: fc.shuffledSubarray([...input.pods], { minLength: input.pods.length }),
      pools: fc.shuffledSubarray([...input.pools], { minLength: input.pools.length }),
      nodes: fc.shuffledSubarray([...input.nodes], { minLength: input.nodes.length }),
      offers: fc.shuffledSubarray(offers, { minLength: offers.length }),
    });
  });
  fc.assert(
    fc.property(shuffled, ({ input, pods, pools, nodes, offers }) => {
      const classes = input.classes.map((nodeClass) => ({ ...nodeClass, offers }));
      assert.deepEqual(solve({ ...input, pods, pools, nodes, classes }), solve(input));
    }),
    { numRuns: 200 },
  );
});

Deno.test("solve() buys nothing in a second pass while the first plan is on its way", () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const first = solve(input);
      const planned = first.newNodes.map((newNode, index) => toPlanned(newNode, `claim-${index}`));
      const served = new Set([
        ...first.newNodes.flatMap(({ pods }) => pods.map(({ uid }) => uid)),
        ...first.placements.map(({ pod }) => pod.uid),
      ]);
      // Usage is not counted here, so that whom limits left waiting may be served now; nobody else is.
      const second = solve({ ...input, planned });
      const again = [
        ...second.newNodes.flatMap(({ pods }) => pods),
        ...second.unplaced.map(({ pod }) => pod),
      ];
      assert.deepEqual(again.filter(({ uid }) => served.has(uid)), []);
    }),
    { numRuns: 300 },
  );
});

/** Inputs without limits, neighbours, tiers and nodes: only price matters. */
const pricedArbitrary: fc.Arbitrary<SolveInput> = inputArbitrary.map((input) => ({
  ...input,
  nodes: [],
  pools: [buildPool()],
  pods: input.pods.map((pod) => {
    const { affinity, topologySpreadConstraints: _, ...spec } = pod.spec;
    const { nodeAffinity } = affinity ?? {};
    return { ...pod, spec: { ...spec, ...(nodeAffinity ? { affinity: { nodeAffinity } } : {}) } };
  }),
  classes: input.classes.map((nodeClass) => ({
    ...nodeClass,
    limits: undefined,
    accounts: nodeClass.accounts.map((account) => ({ ...account, priority: 0 })),
  })),
}));

Deno.test("solve() never pays more than for a machine of its own for each pod", () => {
  fc.assert(
    fc.property(pricedArbitrary, (input) => {
      const together = solve(input);
      const alone = input.pods.map((pod) => solve({ ...input, pods: [pod] }));
      assert.ok(priceOf(together) <= alone.reduce((sum, plan) => sum + priceOf(plan), 0));
      const unplaced = alone.flatMap((plan) => plan.unplaced.map(({ pod }) => pod.uid));
      // A pod without GPU request may ride along where nothing could be bought for it alone.
      for (const { pod } of together.unplaced) assert.ok(unplaced.includes(pod.uid));
    }),
    { numRuns: 150 },
  );
});

Deno.test("solve() ignores pods that nobody may buy for", () => {
  const pods = [
    buildPod("bound", { spec: { nodeName: "n" } }),
    buildPod("unseen", { status: { phase: "Pending" } }),
  ];
  const plan = solve(buildInput(pods, [buildOffer("of-1")]));
  assert.deepEqual(plan, { placements: [], newNodes: [], unplaced: [] });
});

Deno.test("solve() answers for every pod when there is no pool, no class and no offer", () => {
  const pods = buildPods(2, "p");
  const none = solve(buildInput(pods, [], { pools: [], classes: [] }));
  assert.deepEqual(none.unplaced.map(({ pod, reasons }) => [pod.name, reasons]), [
    ["p-000", []],
    ["p-001", []],
  ]);
  const noClass = solve(buildInput(pods, [], { classes: [] }));
  assert.match(
    noClass.unplaced[0]?.reasons[0]?.message ?? "",
    /GPUNodeClass "default" does not exist/,
  );
  const noOffer = solve(buildInput(pods, []));
  assert.match(noOffer.unplaced[0]?.reasons[0]?.message ?? "", /No offers are known/);
});

const refusals: readonly [string, Parameters<typeof buildPod>[1], RegExp][] = [
  ["an unreadable quantity", { requests: { cpu: "lots" } }, /Cannot read quantity "lots"/],
  ["resource claims", { spec: { resourceClaims: [{}] } }, /resource claims/],
  ["an affinity without terms", {
    spec: {
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
    },
  }, /no term that a node could meet/],
  ["an unreadable bound", {
    spec: {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{
              matchExpressions: [{ key: labelKeys.gpuCount, operator: "Gt", values: ["many"] }],
            }],
          },
        },
      },
    },
  }, /Gt needs exactly one integer/],
];
for (const [name, options, expected] of refusals) {
  Deno.test(`solve() refuses a pod with ${name} and serves the others`, () => {
    const plan = solve(buildInput(
      [buildPod("odd", options), buildPod("fine")],
      [buildOffer("of-1", { price: "0.75" })],
    ));
    assert.deepEqual(plan.unplaced.map(({ pod }) => pod.name), ["odd"]);
    assert.match(plan.unplaced[0]?.refusal ?? "", expected);
    assert.deepEqual(plan.newNodes.map(({ pods }) => pods.map(({ name }) => name)), [["fine"]]);
  });
}

Deno.test("solve() blocks a pool whose requirement cannot be read and asks the others", () => {
  const broken = buildPool("broken", {
    weight: 50,
    template: {
      spec: { requirements: [{ key: labelKeys.gpuCount, operator: "Gt", values: ["many"] }] },
    },
  });
  const input = buildInput([buildPod("p")], [buildOffer("of-1")], { pools: [broken, buildPool()] });
  assert.deepEqual(solve(input).newNodes.map(({ poolName }) => poolName), ["gpu"]);
  const alone = solve({ ...input, pools: [broken] });
  assert.match(alone.unplaced[0]?.reasons[0]?.message ?? "", /Gt needs exactly one integer/);
});
