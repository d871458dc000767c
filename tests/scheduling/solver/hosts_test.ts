import assert from "node:assert/strict";
import { labels as labelKeys } from "../../../schemas/labels.ts";
import { parseResources } from "../../../schemas/quantity.ts";
import { type PlannedNode, solve, type SolveResult } from "../../../scheduling/solver.ts";
import {
  buildInput,
  buildNode,
  buildOffer,
  buildPod,
  buildPods,
  type PodOptions,
  toPlanned,
} from "../../support/scheduling.ts";

const gpuNode = { cpu: "16", memory: "64Gi", "nvidia.com/gpu": "2" };
const offer = buildOffer("of-1");

function placed({ placements }: SolveResult): string[] {
  return placements.map(({ pod, node, kind }) => `${pod.name}@${node}:${kind}`).sort();
}

function planned(name: string, rest: Partial<PlannedNode> = {}): PlannedNode {
  return {
    ...buildNode(name, gpuNode),
    requirements: [],
    labelsDecided: false,
    plannedPods: [],
    ...rest,
  };
}

Deno.test("solve() fills existing nodes first, then planned machines, then buys", () => {
  const plan = solve(buildInput(buildPods(5, "p"), [offer], {
    nodes: [buildNode("node", gpuNode)],
    planned: [planned("claim")],
  }));
  assert.deepEqual(placed(plan), [
    "p-000@node:existing",
    "p-001@node:existing",
    "p-002@claim:planned",
    "p-003@claim:planned",
  ]);
  assert.deepEqual(plan.newNodes.map(({ pods }) => pods.map(({ name }) => name)), [["p-004"]]);
});

Deno.test("solve() takes the node with the fewest free GPUs that has room, so that gaps stay large", () => {
  const nodes = [
    buildNode("four", { ...gpuNode, "nvidia.com/gpu": "4" }),
    buildNode("one", { ...gpuNode, "nvidia.com/gpu": "1" }),
  ];
  const plan = solve(buildInput([buildPod("p")], [offer], { nodes }));
  assert.deepEqual(placed(plan), ["p@one:existing"]);
});

const unsuitable: readonly [string, Parameters<typeof buildNode>[2], PodOptions][] = [
  ["is full", { used: parseResources({ "nvidia.com/gpu": "2" }) }, {}],
  ["has no room for cpu", { used: parseResources({ cpu: "13" }) }, {}],
  ["has a taint that is not tolerated", { taints: [{ key: "gpu", effect: "NoSchedule" }] }, {}],
  ["lacks a label", {}, { spec: { nodeSelector: { [labelKeys.gpuModel]: "A10-24GB" } } }],
  ["has another name", {}, { spec: { nodeSelector: { [labelKeys.hostname]: "other" } } }],
  ["has the host port taken", {
    pods: [buildPod("there", {
      spec: { containers: [{ name: "c", ports: [{ containerPort: 80, hostPort: 80 }] }] },
    })],
  }, {
    spec: {
      containers: [{
        name: "c",
        resources: { requests: { "nvidia.com/gpu": "1" } },
        ports: [{ containerPort: 80, hostPort: 80 }],
      }],
    },
  }],
];
for (const [name, node, options] of unsuitable) {
  Deno.test(`solve() passes over a node that ${name}`, () => {
    const nodes = [buildNode("node", gpuNode, node)];
    assert.deepEqual(placed(solve(buildInput([buildPod("p", options)], [offer], { nodes }))), []);
  });
}

const suitable: readonly [string, Parameters<typeof buildNode>[2], PodOptions][] = [
  ["whose taint is tolerated", { taints: [{ key: "gpu", effect: "NoSchedule" }] }, {
    spec: { tolerations: [{ operator: "Exists" }] },
  }],
  ["whose taint is a wish", { taints: [{ key: "gpu", effect: "PreferNoSchedule" }] }, {}],
  ["with the label", { labels: { a: "1" } }, { spec: { nodeSelector: { a: "1" } } }],
  ["of the wanted name", {}, { spec: { nodeSelector: { [labelKeys.hostname]: "node" } } }],
  ["of the wanted name, as a field", {}, {
    spec: {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{
              matchFields: [{ key: "metadata.name", operator: "In", values: ["node"] }],
            }],
          },
        },
      },
    },
  }],
];
for (const [name, node, options] of suitable) {
  Deno.test(`solve() uses a node ${name}`, () => {
    const nodes = [buildNode("node", gpuNode, node)];
    const plan = solve(buildInput([buildPod("p", options)], [offer], { nodes }));
    assert.deepEqual(placed(plan), ["p@node:existing"]);
  });
}

Deno.test("solve() puts a pod on an undecided machine only if every outcome suits it", () => {
  const pod = buildPod("p", { spec: { nodeSelector: { [labelKeys.gpuModel]: "A10-24GB" } } });
  const either = planned("claim", {
    requirements: [{ key: labelKeys.gpuModel, operator: "In", values: ["A10-24GB", "L4-24GB"] }],
  });
  assert.deepEqual(placed(solve(buildInput([pod], [], { planned: [either] }))), []);
  const certain = planned("claim", {
    requirements: [{ key: labelKeys.gpuModel, operator: "In", values: ["A10-24GB"] }],
  });
  assert.deepEqual(placed(solve(buildInput([pod], [], { planned: [certain] }))), [
    "p@claim:planned",
  ]);
  const decided = planned("claim", {
    labelsDecided: true,
    labels: { [labelKeys.gpuModel]: "A10-24GB" },
  });
  assert.deepEqual(placed(solve(buildInput([pod], [], { planned: [decided] }))), [
    "p@claim:planned",
  ]);
  const other = planned("claim", {
    labelsDecided: true,
    labels: { [labelKeys.gpuModel]: "L4-24GB" },
  });
  assert.deepEqual(placed(solve(buildInput([pod], [], { planned: [other] }))), []);
});

Deno.test("solve() returns pods to the machines that were planned for them before others come", () => {
  const earlier = buildPod("a-earlier", { created: "2026-01-02T00:00:00Z" });
  const newcomer = buildPod("b-newcomer", {
    created: "2026-01-01T00:00:00Z",
    spec: { priority: 100 },
  });
  const first = solve(buildInput([earlier], [offer]));
  const [newNode] = first.newNodes;
  assert.ok(newNode);
  const second = solve(
    buildInput([newcomer, earlier], [offer], { planned: [toPlanned(newNode, "claim")] }),
  );
  assert.deepEqual(placed(second), ["a-earlier@claim:planned"]);
  assert.deepEqual(second.newNodes.map(({ pods }) => pods[0]?.name), ["b-newcomer"]);
});

Deno.test("solve() leaves planned machines the room that daemons will take", () => {
  const daemons = [buildPod("daemon", { requests: { cpu: "13" } })];
  const pod = buildPod("p");
  const coming = planned("claim");
  assert.deepEqual(placed(solve(buildInput([pod], [], { planned: [coming], daemons }))), []);
  const there = planned("claim", {
    used: parseResources({ cpu: "8" }),
    pods: [buildPod("its-daemon", {
      requests: { cpu: "8" },
      metadata: {
        name: "its-daemon",
        ownerReferences: [{ apiVersion: "v1", kind: "DaemonSet", name: "d", uid: "d" }],
      },
    })],
  });
  // Of 16 cores the daemon has 8 and will take 5 more: 3 are left, and the pod wants 4.
  assert.deepEqual(placed(solve(buildInput([pod], [], { planned: [there], daemons }))), []);
  const lesser = [buildPod("daemon", { requests: { cpu: "12" } })];
  assert.deepEqual(placed(solve(buildInput([pod], [], { planned: [there], daemons: lesser }))), [
    "p@claim:planned",
  ]);
});
