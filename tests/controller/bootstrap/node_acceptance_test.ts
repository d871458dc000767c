import assert from "node:assert/strict";
import {
  type AcceptanceInput,
  decideAcceptance,
} from "../../../controller/bootstrap/node_acceptance.ts";
import type { Node } from "../../../schemas/kubernetes.ts";
import { claimName, condition, makeClaim } from "./builders.ts";

const instance = {
  state: "running",
  rawState: "active",
  addresses: ["203.0.113.9", "10.0.0.9"],
  providerID: "lambda://us-east-1/0920582c7ff041399e34823a0be62549",
} as const;

function makeNode(overrides: Partial<Node["metadata"]> = {}, spec: Node["spec"] = {}): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: claimName,
      uid: "node-uid",
      creationTimestamp: "2026-01-01T00:15:00Z",
      ...overrides,
    },
    spec: { taints: [{ key: "tgp.io/unregistered", effect: "NoExecute" }], ...spec },
    status: {
      addresses: [{ type: "InternalIP", address: "10.0.0.9" }],
      nodeInfo: { kubeletVersion: "v1.36.1" },
    },
  };
}

function decide(overrides: Partial<AcceptanceInput>): string {
  const decision = decideAcceptance({
    claim: makeClaim(),
    node: makeNode(),
    instance,
    apiServerVersion: "v1.36.0",
    ...overrides,
  });
  if (decision.kind === "rejected") assert.ok(decision.message.length > 20);
  return decision.kind === "accepted" ? "accepted" : decision.reason;
}

Deno.test("decideAcceptance() takes in the node of the claim's own machine", () => {
  assert.equal(decide({}), "accepted");
  assert.equal(decide({ apiServerVersion: undefined }), "accepted");
  assert.equal(
    decide({
      node: makeNode({}, { providerID: instance.providerID, taints: makeNode().spec?.taints }),
    }),
    "accepted",
  );
});

Deno.test("decideAcceptance() names what does not hold", () => {
  const rows: [string, Partial<AcceptanceInput>][] = [
    ["UnknownNode", { node: makeNode({ name: "tgp-abc123-h100-other1" }) }],
    ["UnknownNode", { claim: makeClaim({ conditions: [condition("Launched", "Unknown")] }) }],
    ["UnknownNode", { claim: makeClaim({}, { deletionTimestamp: "2026-01-01T00:16:00Z" }) }],
    ["StaleNode", { node: makeNode({ creationTimestamp: "2026-01-01T00:04:59Z" }) }],
    ["StaleNode", { node: makeNode({ creationTimestamp: "2026-01-01T00:08:59Z" }) }],
    ["StaleNode", { node: makeNode({ creationTimestamp: undefined }) }],
    ["TaintMissing", { node: makeNode({}, { taints: [] }) }],
    ["TaintMissing", {
      node: makeNode({}, { taints: [{ key: "tgp.io/unregistered", effect: "NoSchedule" }] }),
    }],
    ["InstanceNotRunning", { instance: null }],
    ["InstanceNotRunning", { instance: { ...instance, state: "booting", rawState: "booting" } }],
    ["InstanceNotRunning", {
      instance: { ...instance, state: "unhealthy", rawState: "unhealthy" },
    }],
    ["ProviderIDMismatch", {
      node: makeNode({}, {
        providerID: "lambda://us-east-1/other",
        taints: makeNode().spec?.taints,
      }),
    }],
    ["AddressMismatch", { instance: { ...instance, addresses: ["198.51.100.1"] } }],
    ["AddressMismatch", { instance: { ...instance, addresses: [] } }],
    ["AddressMismatch", { node: { ...makeNode(), status: {} } }],
    ["VersionSkew", { apiServerVersion: "v1.35.4" }],
    ["VersionSkew", { apiServerVersion: "v1.40.0" }],
    ["VersionSkew", { node: { ...makeNode(), status: { ...makeNode().status, nodeInfo: {} } } }],
  ];
  for (const [reason, overrides] of rows) assert.equal(decide(overrides), reason);
});

Deno.test("decideAcceptance() bears a controller whose clock runs a little ahead", () => {
  const claim = makeClaim({}, { creationTimestamp: "2026-01-01T00:05:00Z" });
  assert.equal(
    decide({ claim, node: makeNode({ creationTimestamp: "2026-01-01T00:05:10Z" }) }),
    "accepted",
  );
});

Deno.test("decideAcceptance() does not miss the taint of a node that the claim already names", () => {
  const node = makeNode({}, { taints: [] });
  assert.equal(decide({ node, claim: makeClaim({ nodeUID: "node-uid" }) }), "accepted");
  assert.equal(decide({ node, claim: makeClaim({ nodeUID: "another" }) }), "TaintMissing");
});

Deno.test("decideAcceptance() quotes little of what an untrusted machine says", () => {
  const node: Node = {
    ...makeNode(),
    status: {
      addresses: Array.from(
        { length: 50 },
        () => ({ type: "InternalIP", address: "x\n".repeat(500) }),
      ),
    },
  };
  const decision = decideAcceptance({ claim: makeClaim(), node, instance });
  assert.ok(decision.kind === "rejected" && decision.message.length < 1024);
  assert.ok(!decision.message.includes("\n"));
});
