import assert from "node:assert/strict";
import { labels as labelKeys } from "../../../schemas/labels.ts";
import { formatUsd, parseUsd } from "../../../schemas/money.ts";
import { formatResources, parseResources } from "../../../schemas/quantity.ts";
import { type NewNode, solve, type SolveInput } from "../../../scheduling/solver.ts";
import type { Offer } from "../../../providers/contract.ts";
import {
  buildClass,
  buildInput,
  buildOffer,
  buildPod,
  buildPods,
  buildPool,
} from "../../support/scheduling.ts";

function only(input: SolveInput): NewNode {
  const [newNode, ...others] = solve(input).newNodes;
  assert.ok(newNode);
  assert.equal(others.length, 0);
  return newNode;
}

Deno.test("a claim carries the pool's template and what is asked of the machine", () => {
  const pool = buildPool("gpu", {
    template: {
      metadata: { labels: { team: "ml" }, annotations: { note: "x" } },
      spec: {
        requirements: [{ key: labelKeys.country, operator: "In", values: ["us", "de"] }],
        taints: [{ key: "gpu", effect: "NoSchedule" }],
        startupTaints: [{ key: "driver", effect: "NoExecute" }],
      },
    },
  });
  const pods = buildPods(2, "p", {
    spec: {
      tolerations: [{ operator: "Exists" }],
      nodeSelector: { team: "ml", [labelKeys.gpuModel]: "A10-24GB" },
    },
  });
  const claim = only(buildInput(pods, [buildOffer("of-1", { gpus: 2 })], { pools: [pool] }));
  assert.deepEqual(claim, {
    poolName: "gpu",
    className: "default",
    pods: pods.map(({ metadata: { name, uid = "" } }) => ({ namespace: "default", name, uid })),
    requirements: [
      { key: labelKeys.country, operator: "In", values: ["de", "us"] },
      { key: labelKeys.gpuModel, operator: "In", values: ["A10-24GB"] },
    ],
    resources: claim.resources,
    ceilingPerHour: parseUsd("0.75"),
    pricePerHour: parseUsd("0.75"),
    rankedOfferIds: ["of-1"],
    taints: [{ key: "gpu", effect: "NoSchedule" }],
    startupTaints: [{ key: "driver", effect: "NoExecute" }],
    labels: { team: "ml", [labelKeys.nodePool]: "gpu", [labelKeys.nodeClass]: "default" },
    annotations: { note: "x" },
  });
  assert.deepEqual(formatResources(claim.resources), {
    "nvidia.com/gpu": "2",
    cpu: "8",
    memory: "32Gi",
    pods: "2",
  });
});

Deno.test("a claim's resources hold the daemons beside the pods", () => {
  const daemons = [
    buildPod("everywhere", { requests: { cpu: "500m", memory: "1Gi" } }),
    buildPod("elsewhere", { requests: { cpu: "9" }, spec: { nodeSelector: { other: "node" } } }),
  ];
  const claim = only(buildInput([buildPod("p")], [buildOffer("of-1")], { daemons }));
  assert.deepEqual(formatResources(claim.resources), {
    "nvidia.com/gpu": "1",
    cpu: "4500m",
    memory: "17Gi",
    pods: "2",
  });
});

Deno.test("startup taints need no toleration, taints do", () => {
  const withTaint = (template: object) =>
    solve(
      buildInput([buildPod("p")], [buildOffer("of-1")], {
        pools: [buildPool("gpu", { template: { spec: template } })],
      }),
    );
  const taint = { key: "gpu", effect: "NoSchedule" as const };
  assert.equal(withTaint({ startupTaints: [taint] }).newNodes.length, 1);
  const refused = withTaint({ taints: [taint] });
  assert.equal(refused.newNodes.length, 0);
  assert.equal(refused.unplaced[0]?.reasons[0]?.kind, "taints");
});

const walk: readonly Offer[] = [
  buildOffer("of-a", { price: "1.00", region: "us-east-1" }),
  buildOffer("of-b", { price: "1.00", region: "us-west-1" }),
  buildOffer("of-c", { price: "1.20" }),
  buildOffer("of-d", { price: "2.00", gpus: 2 }),
];

Deno.test("a claim keeps offers near the planned price, up to eight, best first", () => {
  const claim = only(buildInput([buildPod("p")], walk));
  assert.deepEqual(claim.rankedOfferIds, ["of-a", "of-b", "of-c"]);
  assert.equal(formatUsd(claim.ceilingPerHour), "1.20");
  const many = Array.from({ length: 12 }, (_, index) => buildOffer(`of-${index}`));
  assert.equal(only(buildInput([buildPod("p")], many)).rankedOfferIds.length, 8);
});

Deno.test("claims of a larger plan keep only offers near the planned price", () => {
  const plan = solve(
    buildInput(buildPods(3, "p"), walk.slice(0, 3).concat(buildOffer("of-e", { price: "1.26" }))),
  );
  assert.deepEqual(plan.newNodes.map(({ rankedOfferIds }) => rankedOfferIds), [
    ["of-a", "of-b", "of-c"],
    ["of-a", "of-b", "of-c"],
    ["of-a", "of-b", "of-c"],
  ]);
});

Deno.test("a claim for several pods keeps no offer dearer than a machine for each", () => {
  const offers = [
    buildOffer("one", { price: "0.85" }),
    buildOffer("four", { gpus: 4, price: "3.00" }),
    buildOffer("other-four", { gpus: 4, price: "3.40" }),
    buildOffer("dear-four", { gpus: 4, price: "3.50" }),
  ];
  const claim = only(buildInput(buildPods(4, "p"), offers));
  assert.deepEqual(claim.rankedOfferIds, ["four", "other-four"]);
});

Deno.test("a claim keeps later accounts as a last resort", () => {
  const offers = [
    buildOffer("own", { account: "own", price: "2.00" }),
    buildOffer("other", { price: "1.00" }),
  ];
  const classes = [buildClass(offers, {
    accounts: [{ name: "own", priority: 0 }, { name: "lambda", priority: 5 }],
  })];
  assert.deepEqual(only(buildInput([buildPod("p")], offers, { classes })).rankedOfferIds, [
    "own",
    "other",
  ]);
});

Deno.test("ceilings take at most half of what a spend limit leaves", () => {
  const limits = (
    dollars: string,
  ) => [buildPool("gpu", { limits: { spendPerHour: parseUsd(dollars) } })];
  const input = buildInput([buildPod("p")], walk);
  // 1.00 is planned; another 0.20 for the dearest offer needs 0.40 of room.
  assert.equal(formatUsd(only({ ...input, pools: limits("1.40") }).ceilingPerHour), "1.20");
  assert.equal(formatUsd(only({ ...input, pools: limits("1.39") }).ceilingPerHour), "1.00");
  assert.equal(formatUsd(only({ ...input, pools: limits("1.00") }).ceilingPerHour), "1.00");
});

Deno.test("a larger fallback counts against resource limits", () => {
  const pools = [
    buildPool("gpu", { limits: { resources: parseResources({ "nvidia.com/gpu": "1" }) } }),
  ];
  const offers = [
    buildOffer("of-a", { price: "1.00" }),
    buildOffer("of-b", { price: "1.20", gpus: 2 }),
  ];
  assert.deepEqual(only(buildInput([buildPod("p")], offers)).rankedOfferIds, ["of-a", "of-b"]);
  assert.deepEqual(only(buildInput([buildPod("p")], offers, { pools })).rankedOfferIds, ["of-a"]);
});

Deno.test("an unknown GPU model is bought only if pool or pod list it, and the claim lists it too", () => {
  const strange = buildOffer("of-x", { model: "B900", known: false });
  assert.equal(solve(buildInput([buildPod("p")], [strange])).newNodes.length, 0);
  const lists = [{
    key: labelKeys.gpuModel,
    operator: "In" as const,
    values: ["B900", "A10-24GB"],
  }];
  const pools = [buildPool("gpu", { template: { spec: { requirements: lists } } })];
  const claim = only(buildInput([buildPod("p")], [strange], { pools }));
  assert.deepEqual(claim.requirements, [{ ...lists[0], values: ["A10-24GB", "B900"] }]);
  const pod = buildPod("p", { spec: { nodeSelector: { [labelKeys.gpuModel]: "B900" } } });
  assert.deepEqual(only(buildInput([pod], [strange])).rankedOfferIds, ["of-x"]);
});

Deno.test("a claim for pods without GPUs excludes GPU machines, however cheap", () => {
  const offers = [
    buildOffer("gpu", { price: "0.10" }),
    buildOffer("cpu", { gpus: 0, price: "0.20" }),
  ];
  const claim = only(buildInput([buildPod("p", { requests: { cpu: "1" } })], offers));
  assert.deepEqual(claim.rankedOfferIds, ["cpu"]);
  assert.deepEqual(claim.requirements, [{ key: labelKeys.gpuModel, operator: "DoesNotExist" }]);
});

Deno.test("a pod's alternatives: the claim demands the one that its planned offer meets", () => {
  const term = (key: string, value: string) => ({
    matchExpressions: [{ key, operator: "In" as const, values: [value] }],
  });
  const pod = buildPod("p", {
    spec: {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              term(labelKeys.gpuModel, "H100-SXM5-80GB"),
              term(labelKeys.country, "us"),
            ],
          },
        },
      },
    },
  });
  const claim = only(buildInput([pod], [buildOffer("of-1")]));
  assert.deepEqual(claim.requirements, [{
    key: labelKeys.country,
    operator: "In",
    values: ["us"],
  }]);
});
