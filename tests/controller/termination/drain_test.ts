import assert from "node:assert/strict";
import {
  drainPass,
  listPodsOn,
  taintLeaving,
  untaintLeaving,
} from "../../../controller/termination/drain.ts";
import { isConflict } from "../../../kube/kube.ts";
import { nodes, pods } from "../../../kube/resource.ts";
import type { Pod } from "../../../schemas/kubernetes.ts";
import type { SeenRequest } from "../../../sim/api_server/hooks.ts";
import { buildNode, buildPod } from "../../support/controller_builders.ts";
import { claimName } from "../../support/claim_bench.ts";
import { ControllerWorld, isWrite, never } from "../../support/controller_world.ts";

const minute = 60_000;
const isEviction = isWrite("create", "pods/eviction");

function podOn(name: string, graceSeconds = 30): Pod {
  return buildPod({
    metadata: { name },
    spec: {
      nodeName: claimName,
      terminationGracePeriodSeconds: graceSeconds,
      containers: [{ name: "main", image: "example/main:1" }],
    },
    status: { phase: "Running" },
  });
}

function refuse(code: number): () => Response {
  return () => Response.json({ kind: "Status", code, message: "no" }, { status: code });
}

/** Names of evicted and of deleted pods, as they happen. */
function watchLeavers(world: ControllerWorld) {
  const seen = { evicted: [] as string[], deleted: [] as string[], bodies: [] as unknown[] };
  world.server.addHook({
    before: (request: SeenRequest) => {
      const { info, body } = request;
      if (info.kind !== "resource" || info.plural !== "pods") return;
      if (isEviction(request)) seen.evicted.push(info.name);
      if (info.verb === "delete") {
        seen.deleted.push(info.name);
        seen.bodies.push(JSON.parse(body));
      }
    },
  });
  return seen;
}

Deno.test("taintLeaving() marks a node once and keeps its other taints", async () => {
  using world = await ControllerWorld.create();
  const base = buildNode();
  const node = await world.putNode({
    ...base,
    spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] },
  });
  await taintLeaving(world.kube, node, never);
  const tainted = await world.kube.get(nodes, { name: claimName });
  const keys = tainted.spec?.taints?.map(({ key }) => key);
  assert.deepEqual(keys, ["gpu", "node.kubernetes.io/not-ready", "tgp.io/disrupted"]);
  const label = "node.kubernetes.io/exclude-from-external-load-balancers";
  assert.equal(tainted.metadata.labels?.[label], "tgp");
  await taintLeaving(world.kube, tainted, never);
  await untaintLeaving(world.kube, tainted, never);
  const free = await world.kube.get(nodes, { name: claimName });
  assert.deepEqual(free.spec?.taints?.map(({ key }) => key), keys?.slice(0, 2));
  assert.equal(free.metadata.labels?.[label], undefined);
});

Deno.test("taintLeaving() on a stale node is a conflict, so that no taint is lost", async () => {
  using world = await ControllerWorld.create();
  const node = await world.putNode(buildNode());
  await world.kube.patch(nodes, { name: claimName }, { metadata: { labels: { a: "b" } } });
  await assert.rejects(taintLeaving(world.kube, node, never), isConflict);
});

Deno.test("listPodsOn() reads the node's pods from the API server", async () => {
  using world = await ControllerWorld.create();
  await world.putNode(buildNode());
  await world.putPod(podOn("here"));
  await world.putPod(buildPod({ metadata: { name: "waiting" } }));
  const found = await listPodsOn(world.kube, claimName, never);
  assert.deepEqual(found.map(({ metadata }) => metadata.name), ["here"]);
});

Deno.test("drainPass() evicts by UID and counts what is left", async () => {
  using world = await ControllerWorld.create();
  await world.putNode(buildNode());
  const pod = await world.putPod(podOn("a"));
  let uid;
  world.onceBefore(isEviction, () => {});
  world.server.addHook({
    before: (request) => {
      if (isEviction(request)) uid = JSON.parse(request.body).deleteOptions.preconditions.uid;
    },
  });
  const now = world.clock.now();
  const progress = await drainPass(world.kube, claimName, now + 60 * minute, now, never);
  assert.deepEqual(progress, { remaining: 1, blocked: [] });
  assert.equal(uid, pod.metadata.uid);
});

for (const code of [429, 500]) {
  Deno.test(`drainPass() reports a pod that a disruption budget holds back (${code})`, async () => {
    using world = await ControllerWorld.create();
    await world.putNode(buildNode());
    await world.putPod(podOn("a"));
    await world.putPod(podOn("b"));
    world.onceBefore(isEviction, refuse(code));
    const seen = watchLeavers(world);
    const now = world.clock.now();
    const { blocked } = await drainPass(world.kube, claimName, now + 60 * minute, now, never);
    assert.equal(blocked.length, 1);
    assert.ok(seen.evicted.length >= 1, "the other pod was not tried");
    assert.deepEqual(seen.deleted, []);
  });
}

for (const code of [404, 409]) {
  Deno.test(`drainPass() takes a pod that is gone or another one now for evicted (${code})`, async () => {
    using world = await ControllerWorld.create();
    await world.putNode(buildNode());
    await world.putPod(podOn("a"));
    world.onceBefore(isEviction, refuse(code));
    const now = world.clock.now();
    const { blocked } = await drainPass(world.kube, claimName, now + 60 * minute, now, never);
    assert.deepEqual(blocked, []);
  });
}

Deno.test("drainPass() deletes outright when a pod's grace would not fit any more", async () => {
  using world = await ControllerWorld.create();
  await world.putNode(buildNode());
  await world.putPod(podOn("long", 600));
  await world.putPod(podOn("short", 30));
  const seen = watchLeavers(world);
  const now = world.clock.now();
  await drainPass(world.kube, claimName, now + 5 * minute, now, never);
  assert.deepEqual(seen.deleted, ["long"]);
  assert.deepEqual(seen.evicted, ["short"]);
  const [body] = seen.bodies;
  assert.equal((body as { gracePeriodSeconds: number }).gracePeriodSeconds, 300);
});

Deno.test("drainPass() past the deadline deletes, whatever budgets say", async () => {
  using world = await ControllerWorld.create();
  await world.putNode(buildNode());
  await world.putPod(podOn("a"));
  const seen = watchLeavers(world);
  const now = world.clock.now();
  await drainPass(world.kube, claimName, now - minute, now, never);
  assert.deepEqual(seen.deleted, ["a"]);
  assert.equal((seen.bodies[0] as { gracePeriodSeconds: number }).gracePeriodSeconds, 1);
});

Deno.test("drainPass() of a node without pods that matter is done", async () => {
  using world = await ControllerWorld.create();
  await world.putNode(buildNode());
  const { status: _status, ...pod } = podOn("done");
  await world.putPod({ ...pod, status: { phase: "Succeeded" } });
  const now = world.clock.now();
  const progress = await drainPass(world.kube, claimName, now, now, never);
  assert.deepEqual(progress, { remaining: 0, blocked: [] });
  assert.equal((await world.kube.list(pods)).items.length, 1);
});
