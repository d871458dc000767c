import assert from "node:assert/strict";
import { nodes } from "../../../kube/resource.ts";
import { findCondition } from "../../../schemas/conditions.ts";
import type { Node } from "../../../schemas/kubernetes.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../../schemas/node_claim.ts";
import {
  buildClaim,
  buildCondition,
  buildInstance,
  buildLaunch,
  buildNode,
} from "../../support/controller_builders.ts";
import { ClaimBench, claimName } from "../../support/claim_bench.ts";
import { isWrite } from "../../support/controller_world.ts";

const unregistered = { key: "tgp.io/unregistered", effect: "NoExecute" } as const;
const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;

/** A bench whose machine runs and is listed. */
async function running(spec: Partial<GPUNodeClaim["spec"]> = {}): Promise<ClaimBench> {
  const launched: NodeClaimStatus = {
    launch: buildLaunch(),
    instanceID: "i-1",
    providerID: "lambda://us-east-1/i-1",
    conditions: [buildCondition("Launched")],
  };
  const metadata = { finalizers: ["tgp.io/termination"] };
  const bench = await ClaimBench.create({ claim: buildClaim(launched, { metadata, spec }) });
  await bench.world.clock.advance(60_000);
  bench.list(buildInstance());
  return bench;
}

/** The Node as the machine's kubelet makes it. */
function joining(change: Partial<Node["spec"]> = {}, labels: Record<string, string> = {}): Node {
  const node = buildNode({ metadata: { labels, creationTimestamp: undefined } });
  return {
    ...node,
    spec: { taints: [unregistered, notReady], ...change },
    status: {
      ...node.status,
      conditions: [{ type: "Ready", status: "False", reason: "KubeletNotReady" }],
      nodeInfo: { kubeletVersion: "v1.36.1" },
    },
  };
}

function registered(bench: ClaimBench) {
  return findCondition(bench.status.conditions, "Registered");
}

Deno.test("a machine that has not joined is waited for", async () => {
  using bench = await running();
  await bench.pass();
  assert.equal(registered(bench)?.reason, "AwaitingNode");
  assert.deepEqual(bench.tokens, []);
});

Deno.test("a node is taken in with everything the claim promised, in one write", async () => {
  using bench = await running({
    labels: { team: "a" },
    annotations: { "example.test/note": "b" },
    taints: [{ key: "gpu", value: "true", effect: "NoSchedule" }],
  });
  await bench.world.putNode(joining());
  let writes = 0;
  bench.world.server.addHook({
    before: (request) => void (isWrite("patch", "nodes")(request) && writes++),
  });
  await bench.pass();
  assert.equal(registered(bench)?.status, "False");
  assert.equal(writes, 0, "the claim knows the node before the node is changed");
  await bench.pass();
  assert.equal(writes, 1);
  assert.equal(registered(bench)?.status, "True");
  assert.equal(bench.status.steps?.at(-1)?.step, "Registered");
  assert.deepEqual(bench.tokens, ["revoke"]);

  const node = await bench.world.kube.get(nodes, { name: claimName });
  assert.equal(bench.status.nodeUID, node.metadata.uid);
  assert.equal(node.spec?.providerID, "lambda://us-east-1/i-1");
  assert.deepEqual(node.spec?.taints?.map(({ key }) => key), [
    "node.kubernetes.io/not-ready",
    "gpu",
  ]);
  const { labels, annotations, finalizers, ownerReferences } = node.metadata;
  assert.equal(labels?.["team"], "a");
  assert.equal(labels?.["tgp.io/gpu-model"], "A10-24GB");
  assert.equal(labels?.["tgp.io/node-pool"], "gpu");
  assert.equal(labels?.["tgp.io/registered"], "true");
  assert.equal(annotations?.["example.test/note"], "b");
  assert.deepEqual(finalizers, ["tgp.io/termination"]);
  assert.deepEqual(ownerReferences?.map(({ kind, uid }) => [kind, uid]), [
    ["GPUNodeClaim", bench.claim?.metadata.uid],
  ]);
});

Deno.test("a node that calls itself registered is not believed", async () => {
  using bench = await running();
  await bench.world.putNode(joining({ taints: [] }, { "tgp.io/registered": "true" }));
  for (let pass = 0; pass < 3; pass++) await bench.pass();
  assert.equal(registered(bench)?.reason, "TaintMissing");
  const node = await bench.world.kube.get(nodes, { name: claimName });
  assert.equal(node.metadata.finalizers, undefined);
  assert.ok(bench.world.reasons.includes("TaintMissing"));
});

Deno.test("a crash after the node was taken in is finished by the next process", async () => {
  using bench = await running();
  await bench.world.putNode(joining());
  await bench.pass();
  bench.world.onceBefore(
    isWrite("patch", "gpunodeclaims/status"),
    () => Response.json({ kind: "Status" }, { status: 500 }),
  );
  await assert.rejects(bench.pass());
  const node = await bench.world.kube.get(nodes, { name: claimName });
  assert.equal(node.metadata.labels?.["tgp.io/registered"], "true", "the crash was too early");
  assert.equal(registered(bench)?.status, "False");
  await bench.pass();
  assert.equal(registered(bench)?.status, "True");
});

Deno.test("a node that was changed meanwhile is not overwritten", async () => {
  using bench = await running();
  await bench.world.putNode(joining());
  await bench.pass();
  bench.world.onceBefore(isWrite("patch", "nodes"), async () => {
    await bench.world.kube.patch(nodes, { name: claimName }, { metadata: { labels: { a: "b" } } });
  });
  await assert.rejects(bench.pass(), { reason: "Conflict" });
  await bench.pass();
  const node = await bench.world.kube.get(nodes, { name: claimName });
  assert.equal(node.metadata.labels?.["a"], "b");
  assert.equal(registered(bench)?.status, "True");
});

Deno.test("startup taints that are on the node stay, those taken off stay off", async () => {
  const startupTaints = [
    { key: "cni", effect: "NoSchedule" } as const,
    { key: "driver", effect: "NoSchedule" } as const,
  ];
  using bench = await running({ startupTaints });
  await bench.world.putNode(
    joining({ taints: [unregistered, { key: "driver", effect: "NoSchedule" }] }),
  );
  await bench.pass();
  await bench.pass();
  const node = await bench.world.kube.get(nodes, { name: claimName });
  assert.deepEqual(node.spec?.taints?.map(({ key }) => key), [
    "node.kubernetes.io/not-ready",
    "driver",
  ]);
});

Deno.test("a new Node of the same machine is taken in again", async () => {
  using bench = await running();
  await bench.world.putNode(joining());
  await bench.pass();
  await bench.pass();
  const uid = bench.status.nodeUID;
  await bench.world.kube.patch(nodes, { name: claimName }, { metadata: { finalizers: [] } });
  await bench.world.kube.delete(nodes, { name: claimName });
  await bench.world.putNode(joining());
  await bench.pass();
  await bench.pass();
  assert.equal(registered(bench)?.status, "True");
  assert.notEqual(bench.status.nodeUID, uid);
  const node = await bench.world.kube.get(nodes, { name: claimName });
  assert.equal(node.metadata.labels?.["tgp.io/registered"], "true");
});

Deno.test("a node is not taken in while the cloud does not show its machine", async () => {
  using bench = await running();
  bench.account().lists = [];
  await bench.world.putNode(joining());
  for (let pass = 0; pass < 3; pass++) await bench.pass();
  assert.equal(registered(bench)?.status, "False");
  assert.equal(bench.status.nodeUID, undefined);
});
