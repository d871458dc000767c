import assert from "node:assert/strict";
import { findCondition, send } from "../../contract/steps.ts";
import { startPlane, taintsOf } from "./plane.ts";

const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

Deno.test("a node that falls silent becomes unknown, and is tainted; it comes back with a sign of life", async () => {
  await using plane = await startPlane({ nodeGraceMs: 40_000 });
  await plane.makeNode("n");
  assert.deepEqual(taintsOf(await plane.node("n")), []);
  await plane.clock.advance(39_000);
  assert.deepEqual(taintsOf(await plane.node("n")), []);
  await plane.clock.advance(2_000);
  const lost = await plane.node("n");
  assert.equal(findCondition(lost ?? null, "Ready")?.status, "Unknown");
  assert.equal(findCondition(lost ?? null, "Ready")?.reason, "NodeStatusUnknown");
  assert.deepEqual(taintsOf(lost), [
    "node.kubernetes.io/unreachable:NoSchedule",
    "node.kubernetes.io/unreachable:NoExecute",
  ]);
  const lastHeartbeatTime = "2020-01-01T00:00:00Z";
  await send(plane, "PATCH", "/api/v1/nodes/n/status", {
    contentType: "application/strategic-merge-patch+json",
    body: { status: { conditions: [{ type: "Ready", status: "True", lastHeartbeatTime }] } },
  });
  await plane.clock.advance(100);
  assert.deepEqual(taintsOf(await plane.node("n")), []);
});

Deno.test("a lease that is renewed keeps a node alive, whatever time it is in the lease", async () => {
  await using plane = await startPlane({ nodeGraceMs: 40_000 });
  await plane.makeNode("n");
  const body = { metadata: { name: "n" }, spec: { holderIdentity: "n", leaseDurationSeconds: 40 } };
  await send(plane, "POST", leases, { body });
  for (let beat = 0; beat < 10; beat++) {
    // The kubelet's clock stands years behind the control plane's.
    const renewTime = `2020-01-01T00:00:${String(beat).padStart(2, "0")}.000000Z`;
    await send(plane, "PATCH", `${leases}/n`, { body: { spec: { renewTime } } });
    await plane.clock.advance(10_000);
  }
  assert.deepEqual(taintsOf(await plane.node("n")), []);
  await plane.clock.advance(41_000);
  assert.equal(findCondition(await plane.node("n") ?? null, "Ready")?.status, "Unknown");
});

Deno.test("a node that says it is not ready is tainted so", async () => {
  await using plane = await startPlane();
  await plane.makeNode("n");
  await send(plane, "PATCH", "/api/v1/nodes/n/status", {
    contentType: "application/strategic-merge-patch+json",
    body: { status: { conditions: [{ type: "Ready", status: "False" }] } },
  });
  await plane.clock.advance(100);
  assert.deepEqual(taintsOf(await plane.node("n")), [
    "node.kubernetes.io/not-ready:NoSchedule",
    "node.kubernetes.io/not-ready:NoExecute",
  ]);
});

Deno.test("other taints are nobody's business", async () => {
  await using plane = await startPlane();
  const taints = [{ key: "x.test/own", effect: "NoSchedule" }];
  await send(plane, "POST", "/api/v1/nodes", {
    body: { metadata: { name: "n" }, spec: { taints } },
  });
  await plane.clock.advance(100);
  await send(plane, "PATCH", "/api/v1/nodes/n/status", {
    contentType: "application/strategic-merge-patch+json",
    body: { status: { conditions: [{ type: "Ready", status: "True" }] } },
  });
  await plane.clock.advance(100);
  assert.deepEqual(taintsOf(await plane.node("n")), ["x.test/own:NoSchedule"]);
});
