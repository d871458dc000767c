import assert from "node:assert/strict";
import { initialize } from "../../../controller/node_claim/initialization.ts";
import type { EventNote } from "../../../kube/events.ts";
import { findCondition } from "../../../schemas/conditions.ts";
import type { Node } from "../../../schemas/kubernetes.ts";
import type { NodeClaimStatus } from "../../../schemas/node_claim.ts";
import { wholeQuantity } from "../../../schemas/quantity.ts";
import {
  buildClaim,
  buildCondition,
  buildLaunch,
  buildNode,
} from "../../support/controller_builders.ts";
import { ClaimBench } from "../../support/claim_bench.ts";

const registered: NodeClaimStatus = {
  launch: buildLaunch(),
  nodeName: "tgp-abc123-gpu-aaaaaa",
  conditions: [buildCondition("Registered")],
};

async function look(node: Node | undefined, status: NodeClaimStatus = registered) {
  using bench = await ClaimBench.create();
  const notes: EventNote[] = [];
  const next = initialize({
    ...bench.deps,
    recorder: { record: (note) => void notes.push(note) },
    nodes: { get: () => node, list: () => [] },
  }, buildClaim(status));
  const condition = findCondition(next.conditions, "Initialized");
  return { next, notes, fact: condition && `${condition.status}/${condition.reason}` };
}

function nodeWith(
  change: Partial<Node["status"]>,
  taints: NonNullable<Node["spec"]>["taints"] = [],
) {
  const node = buildNode();
  return { ...node, spec: { taints }, status: { ...node.status, ...change } };
}

Deno.test("a ready node with its GPUs is initialized", async () => {
  const { next, notes, fact } = await look(buildNode());
  assert.equal(fact, "True/Initialized");
  assert.deepEqual(next.steps?.map(({ step }) => step), ["Initialized"]);
  assert.deepEqual(notes.map(({ reason }) => reason), ["Initialized"]);
});

const waits: readonly (readonly [string, Node, string])[] = [
  ["that is not ready", buildNode({ ready: false }), "False/AwaitingReady"],
  ["without GPUs", nodeWith({ allocatable: { cpu: "30" } }), "False/ResourceNotRegistered"],
  [
    "whose GPUs are zero for now",
    nodeWith({ allocatable: { "nvidia.com/gpu": "0" } }),
    "False/ResourceNotRegistered",
  ],
];

for (const [what, node, expected] of waits) {
  Deno.test(`a node ${what} is waited for`, async () => {
    const { next, fact } = await look(node);
    assert.equal(fact, expected);
    assert.equal(next.end, undefined);
    assert.equal(next.steps, undefined);
  });
}

Deno.test("a node with fewer GPUs than were ordered ends the claim", async () => {
  const launch = buildLaunch();
  const capacity = { ...launch.offer.capacity, "nvidia.com/gpu": wholeQuantity(8) };
  const status = { ...registered, launch: { ...launch, offer: { ...launch.offer, capacity } } };
  const { next, fact } = await look(nodeWith({ allocatable: { "nvidia.com/gpu": "7" } }), status);
  assert.equal(fact, "False/GPUCountMismatch");
  assert.equal(next.end?.reason, "GPUCountMismatch");
});

Deno.test("an unregistered or missing node says nothing", async () => {
  const { conditions: _conditions, ...unregistered } = registered;
  assert.equal((await look(buildNode(), unregistered)).next.conditions, undefined);
  assert.equal((await look(undefined)).fact, undefined);
});

Deno.test("an initialized claim stays so when its node falters", async () => {
  const status = {
    ...registered,
    conditions: [buildCondition("Registered"), buildCondition("Initialized")],
  };
  const { next, notes } = await look(buildNode({ ready: false }), status);
  assert.deepEqual(next, status);
  assert.deepEqual(notes, []);
});
