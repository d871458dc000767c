import assert from "node:assert/strict";
import type { Limits } from "../../../schemas/limits.ts";
import { labels as labelKeys } from "../../../schemas/labels.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { parseQuantity } from "../../../schemas/quantity.ts";
import { noUsage } from "../../../scheduling/budget.ts";
import { solve, type SolveInput, type SolveResult } from "../../../scheduling/solver.ts";
import {
  buildClass,
  buildInput,
  buildOffer,
  buildPod,
  buildPods,
  buildPool,
} from "../../support/scheduling.ts";

/** `offer:pods` of each new node, sorted. */
function bought({ newNodes }: SolveResult): string[] {
  return newNodes.map(({ rankedOfferIds, pods }) => `${rankedOfferIds[0]}:${pods.length}`).sort();
}

const one = buildOffer("one", { price: "1.00" });
const two = buildOffer("two", { gpus: 2, price: "2.00" });
const four = buildOffer("four", { gpus: 4, price: "3.80" });
const eight = buildOffer("eight", { gpus: 8, price: "7.00" });

const mixes: readonly [string, SolveInput, string[]][] = [
  [
    "eight single GPUs as one machine where that is cheaper",
    buildInput(buildPods(8, "p"), [one, two, eight]),
    ["eight:8"],
  ],
  [
    "eight single GPUs apart where the large machine is dearer",
    buildInput(buildPods(8, "p"), [one, buildOffer("eight", { gpus: 8, price: "8.01" })]),
    Array.from({ length: 8 }, () => "one:1"),
  ],
  ["twelve as eight and four", buildInput(buildPods(12, "p"), [one, four, eight]), [
    "eight:8",
    "four:4",
  ]],
  ["equal prices on fewer machines", buildInput(buildPods(4, "p"), [one, two]), ["two:2", "two:2"]],
  [
    "GPUs that cpu leaves no room for elsewhere",
    buildInput(buildPods(2, "p", { requests: { "nvidia.com/gpu": "1", cpu: "30" } }), [
      buildOffer("two", { gpus: 2, cpu: "52", price: "1.00" }),
      buildOffer("big", { gpus: 2, cpu: "60", price: "1.50" }),
    ]),
    ["big:2"],
  ],
];
for (const [name, input, expected] of mixes) {
  Deno.test(`solve() buys ${name}`, () => {
    const plan = solve(input);
    assert.deepEqual(bought(plan), expected);
    assert.deepEqual(plan.unplaced, []);
  });
}

Deno.test("solve() uses up accounts of smaller priority first, whatever they cost", () => {
  const offers = [buildOffer("own", { account: "own", price: "9.00" }), one];
  const classes = [buildClass(offers, {
    accounts: [{ name: "own", priority: -1 }, { name: "lambda", priority: 0 }],
  })];
  assert.deepEqual(bought(solve(buildInput([buildPod("p")], offers, { classes }))), ["own:1"]);
  const equal = [buildClass(offers)];
  assert.deepEqual(bought(solve(buildInput([buildPod("p")], offers, { classes: equal }))), [
    "one:1",
  ]);
});

Deno.test("solve() asks pools of larger weight first, and those of equal weight by price", () => {
  const onlyModel = (model: string) => ({
    template: {
      spec: {
        requirements: [{ key: labelKeys.gpuModel, operator: "In" as const, values: [model] }],
      },
    },
  });
  const offers = [
    buildOffer("a", { model: "A10-24GB", price: "9.00" }),
    buildOffer("l", { model: "L4-24GB", price: "1.00" }),
  ];
  const pools = (weight: number) => [
    buildPool("a-pool", { ...onlyModel("A10-24GB"), weight }),
    buildPool("l-pool", { ...onlyModel("L4-24GB") }),
  ];
  const input = buildInput([buildPod("p")], offers);
  assert.deepEqual(bought(solve({ ...input, pools: pools(20) })), ["a:1"]);
  assert.deepEqual(bought(solve({ ...input, pools: pools(10) })), ["l:1"]);
});

Deno.test("solve() keeps to the pool's price caps, template requirements and pod selector", () => {
  const offers = [
    buildOffer("dear", { price: "3.00" }),
    buildOffer("far", { price: "1.00", region: "asia-1" }),
  ];
  const capped = buildPool("capped", { price: { maxPerHour: parseUsd("2.00") } });
  const input = buildInput([buildPod("p", { labels: { team: "ml" } })], offers);
  assert.deepEqual(bought(solve({ ...input, pools: [capped] })), ["far:1"]);
  const near = buildPool("near", {
    template: {
      spec: {
        requirements: [{ key: labelKeys.region, operator: "NotIn", values: ["lambda-asia-1"] }],
      },
    },
  });
  assert.deepEqual(bought(solve({ ...input, pools: [near] })), ["dear:1"]);
  const others = buildPool("others", { podSelector: { matchLabels: { team: "web" } } });
  assert.deepEqual(bought(solve({ ...input, pools: [others] })), []);
});

Deno.test("solve() buys no GPU machine for a pod that asks for no GPU, but lets it ride along", () => {
  const small = buildPod("small", { requests: { cpu: "1" } });
  assert.deepEqual(bought(solve(buildInput([small], [one]))), []);
  const cpuOnly = buildOffer("cpu", { gpus: 0, price: "2.00", cpu: "4", memory: "8Gi" });
  assert.deepEqual(bought(solve(buildInput([small], [one, cpuOnly]))), ["cpu:1"]);
  assert.deepEqual(bought(solve(buildInput([small, buildPod("p")], [one, cpuOnly]))), ["one:2"]);
  const choosy = buildPod("choosy", {
    requests: { cpu: "1" },
    spec: { nodeSelector: { [labelKeys.gpuModel]: "A10-24GB" } },
  });
  assert.deepEqual(bought(solve(buildInput([choosy], [one]))), ["one:1"]);
});

const limited: readonly [string, Limits, string[]][] = [
  ["one node: the machine that serves all", { nodes: 1 }, ["eight:8"]],
  [
    "six GPUs: no larger machine",
    { resources: { "nvidia.com/gpu": parseQuantity(6) } },
    Array.from({ length: 6 }, () => "one:1"),
  ],
  ["three dollars an hour: three pods", { spendPerHour: parseUsd("3.00") }, [
    "one:1",
    "one:1",
    "one:1",
  ]],
  ["three dollars a day: three pods for their first hour", { spendPerDay: parseUsd("3.00") }, [
    "one:1",
    "one:1",
    "one:1",
  ]],
];
for (const [name, limits, expected] of limited) {
  Deno.test(`solve() within a limit of ${name}`, () => {
    const offers = [one, buildOffer("eight", { gpus: 8, price: "9.00" })];
    const pools = [buildPool("gpu", { limits })];
    const plan = solve(buildInput(buildPods(8, "p"), offers, { pools }));
    assert.deepEqual(bought(plan), expected);
    for (const { reasons } of plan.unplaced) assert.equal(reasons[0]?.kind, "limits");
    const perClass = solve(
      buildInput(buildPods(8, "p"), offers, { classes: [buildClass(offers, { limits })] }),
    );
    assert.deepEqual(bought(perClass), expected);
  });
}

Deno.test("solve() counts what exists against limits", () => {
  const pools = [buildPool("gpu", { limits: { nodes: 2 } }, { usage: { ...noUsage, nodes: 1 } })];
  const plan = solve(buildInput(buildPods(3, "p"), [one], { pools }));
  assert.deepEqual(bought(plan), ["one:1"]);
  assert.match(plan.unplaced[0]?.reasons[0]?.message ?? "", /Limit nodes of pool "gpu" is 2/);
});

Deno.test("solve() serves the more important pods when limits do not allow all", () => {
  const pools = [buildPool("gpu", { limits: { nodes: 1 } })];
  const pods = [
    buildPod("low"),
    buildPod("high", { spec: { priority: 100 }, created: "2026-01-02T00:00:00Z" }),
  ];
  const plan = solve(buildInput(pods, [one], { pools }));
  assert.deepEqual(plan.newNodes.flatMap(({ pods }) => pods.map(({ name }) => name)), ["high"]);
  assert.deepEqual(plan.unplaced.map(({ pod }) => pod.name), ["low"]);
});

Deno.test("solve() serves older pods first among equals", () => {
  const pools = [buildPool("gpu", { limits: { nodes: 1 } })];
  const pods = [buildPod("a-new", { created: "2026-01-02T00:00:00Z" }), buildPod("b-old")];
  const plan = solve(buildInput(pods, [one], { pools }));
  assert.deepEqual(plan.newNodes.flatMap(({ pods }) => pods.map(({ name }) => name)), ["b-old"]);
});

Deno.test("solve() goes on to the next pool where a limit of the first is reached", () => {
  const pools = [buildPool("first", { weight: 20, limits: { nodes: 1 } }), buildPool("second")];
  const plan = solve(buildInput(buildPods(2, "p"), [one], { pools }));
  assert.deepEqual(plan.newNodes.map(({ poolName }) => poolName), ["first", "second"]);
});

Deno.test("solve() puts as many pods as a paused or blocked pool can have: none", () => {
  const input = buildInput([buildPod("p")], [one]);
  const paused = solve({ ...input, pools: [buildPool("gpu", { paused: true })] });
  assert.match(paused.unplaced[0]?.reasons[0]?.message ?? "", /paused/);
  const failing = solve({
    ...input,
    pools: [buildPool("gpu", {}, { blocked: "Three boots failed" })],
  });
  assert.deepEqual(failing.unplaced[0]?.reasons, [{
    pool: "gpu",
    kind: "blocked",
    message: "Three boots failed",
  }]);
  const classes = [buildClass([one], { blocked: "Not ready" })];
  assert.match(solve({ ...input, classes }).unplaced[0]?.reasons[0]?.message ?? "", /Not ready/);
});
