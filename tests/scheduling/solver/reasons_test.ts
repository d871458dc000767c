import assert from "node:assert/strict";
import { labels as labelKeys } from "../../../schemas/labels.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { type PoolReason, solve, type SolveInput } from "../../../scheduling/solver.ts";
import {
  buildClass,
  buildInput,
  buildNode,
  buildOffer,
  buildPod,
  buildPool,
  type PodOptions,
} from "../../support/scheduling.ts";

const offer = buildOffer("of-1");
const inCountry = (...values: string[]) => ({
  template: {
    spec: { requirements: [{ key: labelKeys.country, operator: "In" as const, values }] },
  },
});

function reasonFor(options: PodOptions, rest: Partial<SolveInput> = {}): PoolReason | undefined {
  const plan = solve(buildInput([buildPod("p", options)], [offer], rest));
  assert.equal(plan.newNodes.length, 0);
  assert.equal(plan.unplaced[0]?.reasons.length, 1);
  return plan.unplaced[0]?.reasons[0];
}

const cases: readonly [string, PodOptions, Partial<SolveInput>, PoolReason["kind"], RegExp][] = [
  [
    "a pod that the pool does not select",
    {},
    { pools: [buildPool("gpu", { podSelector: { matchLabels: { team: "ml" } } })] },
    "podSelector",
    /does not match its labels/,
  ],
  [
    "a taint",
    {},
    {
      pools: [
        buildPool("gpu", {
          template: { spec: { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] } },
        }),
      ],
    },
    "taints",
    /gpu=yes:NoSchedule/,
  ],
  [
    "a conflict with the pool's requirements",
    { spec: { nodeSelector: { [labelKeys.country]: "de" } } },
    { pools: [buildPool("gpu", inCountry("us", "ca"))] },
    "requirements",
    /^Requirement tgp.io\/country in \(ca, us\) of the pool conflicts with in \(de\) of the pod$/,
  ],
  [
    "a conflict with the pool's labels",
    { spec: { nodeSelector: { [labelKeys.nodePool]: "other" } } },
    {},
    "requirements",
    /tgp.io\/node-pool in \(gpu\) of the pool conflicts with in \(other\)/,
  ],
  [
    "a certain node",
    { spec: { nodeSelector: { [labelKeys.hostname]: "node-7" } } },
    {},
    "requirements",
    /must run on a node whose kubernetes.io\/hostname is in \(node-7\), which no new machine has/,
  ],
  [
    "a mistyped label",
    { spec: { nodeSelector: { "tgp.io/gpu-modle": "A10-24GB" } } },
    {},
    "offers",
    /write tgp.io\/gpu-model instead of tgp.io\/gpu-modle/,
  ],
  [
    "a cap",
    {},
    { pools: [buildPool("gpu", { price: { maxPerHour: parseUsd("0.50") } })] },
    "offers",
    /1 over the price cap.*raise price.maxPerHour to 0.75/,
  ],
  [
    "a machine that is too small",
    { requests: { "nvidia.com/gpu": "4" } },
    {},
    "offers",
    /ask for at most 1 of nvidia.com\/gpu instead of 4/,
  ],
  ["a pod without GPU request", { requests: { cpu: "1" } }, {}, "offers", /asks for no GPU/],
  [
    "a limit",
    {},
    { pools: [buildPool("gpu", { limits: { spendPerHour: parseUsd("0.50") } })] },
    "limits",
    /Limit spendPerHour of pool "gpu" is \$0.50/,
  ],
  [
    "sold-out offers",
    {},
    { classes: [buildClass([offer], { excludedOffers: ["of-1"] })] },
    "offers",
    /1 refused lately/,
  ],
  [
    "machines that could not join",
    {},
    { classes: [buildClass([{ ...offer, notJoinable: "it runs containers" }])] },
    "offers",
    /1 that could not join the cluster \(it runs containers\)/,
  ],
  [
    "a blocked account",
    {},
    {
      classes: [
        buildClass([offer], {
          accounts: [{ name: "lambda", priority: 0, blocked: "no money left" }],
        }),
      ],
    },
    "offers",
    /make account "lambda" usable: no money left/,
  ],
];
for (const [name, options, rest, kind, message] of cases) {
  Deno.test(`a pod waits because of ${name}`, () => {
    const reason = reasonFor(options, rest);
    assert.equal(reason?.kind, kind);
    assert.equal(reason?.pool, "gpu");
    assert.match(reason?.message ?? "", message);
  });
}

Deno.test("a pod waits because of pods that are there", () => {
  const term = { labelSelector: { matchLabels: { app: "web" } }, topologyKey: labelKeys.zone };
  const there = buildPod("there", {
    spec: {
      nodeName: "n",
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    },
  });
  const nodes = [
    buildNode("n", {}, { labels: { [labelKeys.zone]: "lambda-us-east-1" }, pods: [there] }),
  ];
  const reason = reasonFor({ labels: { app: "web" } }, { nodes });
  assert.equal(reason?.kind, "neighbours");
});

Deno.test("every pool gives its reason, those of larger weight first, blocked ones last", () => {
  const pools = [
    buildPool("b"),
    buildPool("a"),
    buildPool("heavy", { weight: 50 }),
    buildPool("paused", { weight: 90, paused: true }),
  ];
  const plan = solve(buildInput([buildPod("p", { requests: { cpu: "99" } })], [offer], { pools }));
  assert.deepEqual(plan.unplaced[0]?.reasons.map(({ pool }) => pool), [
    "heavy",
    "a",
    "b",
    "paused",
  ]);
});
