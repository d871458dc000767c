import assert from "node:assert/strict";
import { decideInitialized } from "../../../controller/bootstrap/node_initialization.ts";
import type { Node, ResourceList, Taint } from "../../../schemas/kubernetes.ts";
import { parseResources } from "../../../schemas/quantity.ts";
import { makeClaim } from "./builders.ts";

const startup: Taint = { key: "example.test/starting", effect: "NoSchedule" };
const claim = makeClaim({}, {}, { startupTaints: [startup] });

interface NodeState {
  readonly gpus?: string | undefined;
  readonly ready?: "True" | "False" | "Unknown" | undefined;
  readonly message?: string;
  readonly taints?: readonly Taint[];
}

function decide(state: NodeState, expected: ResourceList = { "nvidia.com/gpu": "8" }): string {
  const node: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n" },
    spec: { taints: state.taints },
    status: {
      allocatable: state.gpus === undefined ? {} : { "nvidia.com/gpu": state.gpus },
      conditions: state.ready === undefined
        ? []
        : [{ type: "Ready", status: state.ready, message: state.message }],
    },
  };
  const decision = decideInitialized({ claim, node, expected: parseResources(expected) });
  return decision.kind === "initialized" ? "initialized" : `${decision.kind} ${decision.reason}`;
}

Deno.test("decideInitialized() wants readiness, no passing taints, and the GPUs", () => {
  const rows: [NodeState, string][] = [
    [{ ready: "True", gpus: "8" }, "initialized"],
    [{ ready: "True", gpus: "8", taints: [{ key: "pool", effect: "NoSchedule" }] }, "initialized"],
    [{ ready: undefined, gpus: "8" }, "waiting AwaitingReady"],
    [{ ready: "False", gpus: undefined, message: "booting" }, "waiting AwaitingReady"],
    [{ ready: "Unknown", gpus: "8" }, "waiting AwaitingReady"],
    [
      { ready: "False", message: "network not ready: reason:NetworkPluginNotReady" },
      "waiting NetworkNotReady",
    ],
    [{ ready: "True", gpus: "8", taints: [startup] }, "waiting StartupTaintsPresent"],
    [{ ready: "True", gpus: undefined }, "waiting ResourceNotRegistered"],
    [{ ready: "True", gpus: "0" }, "waiting ResourceNotRegistered"],
    [{ ready: "True", gpus: "rubbish" }, "waiting ResourceNotRegistered"],
    [{ ready: "True", gpus: "7" }, "failed GPUCountMismatch"],
    [{ ready: "False", gpus: "7", taints: [startup] }, "failed GPUCountMismatch"],
  ];
  for (const [state, wanted] of rows) assert.equal(decide(state), wanted, JSON.stringify(state));
});

Deno.test("decideInitialized() waits for every taint that Kubernetes takes away by itself", () => {
  for (
    const key of [
      "node.kubernetes.io/not-ready",
      "node.kubernetes.io/unreachable",
      "node.cloudprovider.kubernetes.io/uninitialized",
      "tgp.io/unregistered",
      "readiness.k8s.io/network",
    ]
  ) {
    const taints: Taint[] = [{ key, effect: "NoSchedule" }];
    assert.equal(decide({ ready: "True", gpus: "8", taints }), "waiting AwaitingReady", key);
  }
});

Deno.test("decideInitialized() compares devices only: cpu and memory are estimates", () => {
  const expected = { cpu: "26", memory: "200Gi", pods: 110, "nvidia.com/gpu": "1" };
  assert.equal(decide({ ready: "True", gpus: "1" }, expected), "initialized");
  assert.equal(decide({ ready: "True" }, { cpu: "26" }), "initialized");
  assert.equal(decide({ ready: "True" }, { "nvidia.com/gpu": "0" }), "initialized");
});
