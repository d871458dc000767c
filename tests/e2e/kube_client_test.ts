/** The Kubernetes client against a real API server. */

import assert from "node:assert/strict";
import type { KubeClient } from "../../kube/client.ts";
import { connectKube } from "../../kube/connect.ts";
import { createEventRecorder } from "../../kube/event_recorder.ts";
import { toObjectReference } from "../../kube/events.ts";
import { addFinalizer, removeFinalizer } from "../../kube/finalizers.ts";
import { createInformer } from "../../kube/informer.ts";
import { isAlreadyExists, isConflict, isNotFound, KubeError } from "../../kube/kube.ts";
import { createLeaderElector } from "../../kube/leader_election.ts";
import { configMaps, events, leases, nodes, pods, type ResourceType } from "../../kube/resource.ts";
import type { ConnectionFlags } from "../../kube/resolve_connection.ts";
import { denoSystem } from "../../kube/system.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { systemRandom } from "../../runtime/random.ts";
import type { ConfigMap, KubernetesObject, Pod } from "../../schemas/kubernetes.ts";
import { collect } from "../support/kube_scripted.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/control_plane.ts";

const namespace = "default";
const deps = { clock: systemClock, random: systemRandom, log: silentLog, metrics: silentMetrics };
/** A test changes this; nothing on the network is slower. */
const patienceMs = 20_000;

Deno.test("the Kubernetes client on a real API server", async (t) => {
  await using plane = await startControlPlane({ components: [] });
  const connect = async (flags: ConnectionFlags = {}): Promise<KubeClient> => {
    const options = {
      flags: { kubeconfig: plane.kubeconfigPath, ...flags },
      userAgent: "tgp-e2e/1",
    };
    return (await connectKube({ ...deps, system: denoSystem }, options)).kube;
  };
  const kube = await connect();
  await t.step("creates, reads, replaces, patches and deletes", () => writesObjects(kube));
  await t.step("reads 300 times over few connections", () => readsOften(kube, plane));
  await t.step("lists page by page", () => listsPages(kube));
  await t.step("applies, and hears of conflicts by field", () => appliesFields(kube));
  await t.step("writes status apart from the rest", () => writesStatus(kube));
  await t.step("evicts the very pod it means", () => evictsPods(kube));
  await t.step("impersonates with groups", () => impersonates(connect));
  await t.step("holds finalizers", () => holdsFinalizers(kube));
  await t.step("records events", () => recordsEvents(kube));
  await t.step("elects one leader", () => electsOneLeader(kube));
  await t.step("follows over a restart of the API server", () => followsOverRestart(kube, plane));
  await t.step("is told of a version that is too old", () => watchesFromTooOld(kube));
  kube.close();
});

function build(name: string, data: Readonly<Record<string, string>> = {}): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + patienceMs; !(await condition());) {
    assert.ok(Date.now() < deadline, "it did not happen in time");
    await systemClock.sleep(20);
  }
}

async function writesObjects(kube: KubeClient): Promise<void> {
  const ref = { namespace, name: "crud" };
  const created = await kube.create(configMaps, build("crud", { a: "1" }));
  await assert.rejects(kube.create(configMaps, build("crud")), isAlreadyExists);
  const replaced = await kube.replace(configMaps, { ...created, ...{ data: { a: "2" } } });
  await assert.rejects(kube.replace(configMaps, created), isConflict);
  const patched = await kube.patch(configMaps, ref, { data: { b: "3", a: null } });
  assert.deepEqual(patched.data, { b: "3" });
  const stale = { metadata: { resourceVersion: replaced.metadata.resourceVersion }, data: {} };
  await assert.rejects(kube.patch(configMaps, ref, stale), isConflict);
  const operations = [{ op: "replace", path: "/data/b", value: "4" }];
  await kube.patch(configMaps, ref, operations, { kind: "json" });
  await kube.patch(configMaps, ref, { data: { c: "5" } }, { kind: "strategic" });
  assert.deepEqual((await kube.get(configMaps, ref)).data, { b: "4", c: "5" });
  await assert.rejects(
    kube.delete(configMaps, ref, { preconditions: { uid: "other" } }),
    isConflict,
  );
  await kube.delete(configMaps, ref);
  await assert.rejects(kube.get(configMaps, ref), isNotFound);
}

/** Open TCP connections to a port of this machine, from the kernel's table. */
async function countConnections(port: number): Promise<number> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const table = await Deno.readTextFile(`/proc/${Deno.pid}/net/tcp`);
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/));
  return rows.filter(([, , remote, state]) => remote?.endsWith(`:${hex}`) && state === "01").length;
}

async function readsOften(kube: KubeClient, plane: ControlPlane): Promise<void> {
  const port = Number(new URL(plane.serverUrl).port);
  await kube.create(configMaps, build("often"));
  const before = await countConnections(port);
  for (let n = 0; n < 300; n++) await kube.get(configMaps, { namespace, name: "often" });
  const opened = await countConnections(port) - before;
  assert.ok(opened <= 3, `${opened} more connections`);
}

async function listsPages(kube: KubeClient): Promise<void> {
  const count = 1_100;
  const names = Array.from({ length: count }, (_, n) => `page-${String(n).padStart(4, "0")}`);
  const labels = { paged: "yes" };
  for (let from = 0; from < count; from += 100) {
    await Promise.all(
      names.slice(from, from + 100).map((name) => {
        const object = build(name);
        return kube.create(configMaps, { ...object, metadata: { ...object.metadata, labels } });
      }),
    );
  }
  const found = await kube.list(configMaps, { namespace, labelSelector: "paged=yes" });
  assert.deepEqual(found.items.map((item) => item.metadata.name).toSorted(), names);
  assert.ok(
    found.items.every(({ apiVersion, kind }) => apiVersion === "v1" && kind === "ConfigMap"),
  );
}

async function appliesFields(kube: KubeClient): Promise<void> {
  await kube.apply(configMaps, build("ssa", { a: "1", b: "1" }), { fieldManager: "one" });
  await kube.apply(configMaps, build("ssa", { c: "1" }), { fieldManager: "two" });
  const theft = build("ssa", { a: "2", c: "1" });
  await assert.rejects(kube.apply(configMaps, theft, { fieldManager: "two" }), (error) => {
    assert.ok(error instanceof KubeError && isConflict(error));
    const causes = error.status?.details?.causes?.map(({ reason, field }) => [reason, field]);
    assert.deepEqual(causes, [["FieldManagerConflict", ".data.a"]]);
    return true;
  });
  const forced = await kube.apply(configMaps, theft, { fieldManager: "two", force: true });
  assert.deepEqual(forced.data, { a: "2", b: "1", c: "1" });
  const given = await kube.apply(configMaps, build("ssa", { b: "1" }), { fieldManager: "one" });
  assert.deepEqual(given.data, { a: "2", b: "1", c: "1" });
}

async function writesStatus(kube: KubeClient): Promise<void> {
  const ref = { name: "node-status" };
  await kube.create(nodes, { apiVersion: "v1", kind: "Node", metadata: ref });
  const capacity = { "nvidia.com/gpu": "8" };
  await kube.patch(nodes, ref, { status: { capacity } });
  assert.equal((await kube.get(nodes, ref)).status?.capacity?.["nvidia.com/gpu"], undefined);
  const patch = { status: { capacity }, spec: { unschedulable: true } };
  await kube.patch(nodes, ref, patch, { subresource: "status" });
  const node = await kube.get(nodes, ref, { subresource: "status" });
  assert.equal(node.status?.capacity?.["nvidia.com/gpu"], "8");
  assert.equal(node.spec?.unschedulable, undefined);
  const status = { capacity: { "nvidia.com/gpu": "4" } };
  const { metadata, ...rest } = node;
  await kube.replace(nodes, { ...rest, metadata, ...{ status } }, { subresource: "status" });
  assert.equal((await kube.get(nodes, ref)).status?.capacity?.["nvidia.com/gpu"], "4");
  const applied = { apiVersion: "v1", kind: "Node", metadata: ref, status: { phase: "Running" } };
  await kube.apply(nodes, applied, { fieldManager: "m", subresource: "status" });
  await kube.delete(nodes, ref);
}

async function evictsPods(kube: KubeClient): Promise<void> {
  const ref = { namespace, name: "evicted" };
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...ref, labels: { app: "guarded" } },
    spec: { nodeName: "nowhere", containers: [{ name: "c", image: "i" }] },
  };
  const { metadata: { uid = "" } } = await kube.create(pods, pod);
  await kube.patch(pods, ref, {
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  }, { subresource: "status" });
  await assert.rejects(kube.evict(ref, { uid: "another" }), isConflict);

  const budgets: ResourceType<KubernetesObject> = {
    group: "policy",
    version: "v1",
    kind: "PodDisruptionBudget",
    plural: "poddisruptionbudgets",
    namespaced: true,
    parse: (raw) => raw as KubernetesObject,
  };
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "guard", namespace },
    spec: { minAvailable: 1, selector: { matchLabels: { app: "guarded" } } },
  };
  await kube.create(budgets, budget);
  const started = performance.now();
  await assert.rejects(kube.evict(ref, { uid }), { code: 429 });
  assert.ok(performance.now() - started < 5_000, "the client did not wait on its own");
  await kube.delete(budgets, { namespace, name: "guard" });
  await kube.evict(ref, { uid });
  assert.ok((await kube.get(pods, ref)).metadata.deletionTimestamp);
  await kube.delete(pods, ref, { gracePeriodSeconds: 0 });
  await assert.rejects(kube.evict(ref, { uid }), isNotFound);
}

async function impersonates(connect: (flags: ConnectionFlags) => Promise<KubeClient>) {
  const kube = await connect({ as: "somebody", asGroup: ["system:masters", "b, c"] });
  interface Review extends KubernetesObject {
    readonly status?: { readonly userInfo: { username: string; groups: string[] } };
  }
  const reviews: ResourceType<Review> = {
    group: "authentication.k8s.io",
    version: "v1",
    kind: "SelfSubjectReview",
    plural: "selfsubjectreviews",
    namespaced: false,
    parse: (raw) => raw as Review,
  };
  const apiVersion = "authentication.k8s.io/v1";
  const review = { apiVersion, kind: "SelfSubjectReview", metadata: { name: "" } };
  const { status } = await kube.create(reviews, review);
  assert.equal(status?.userInfo.username, "somebody");
  assert.deepEqual(status?.userInfo.groups.slice(0, 2), ["system:masters", "b, c"]);
  kube.close();
}

/** After a restart the server remembers no change from before it. */
async function watchesFromTooOld(kube: KubeClient): Promise<void> {
  await assert.rejects(collect(kube.watch(configMaps, { resourceVersion: "1" })), (error) => {
    assert.ok(error instanceof KubeError);
    assert.deepEqual([error.code, error.reason], [410, "Expired"]);
    return true;
  });
}

async function holdsFinalizers(kube: KubeClient): Promise<void> {
  const ref = { namespace, name: "held" };
  const created = await kube.create(configMaps, build("held"));
  const held = await addFinalizer(kube, configMaps, created, "tgp.io/test");
  await assert.rejects(addFinalizer(kube, configMaps, created, "tgp.io/other"), isConflict);
  await kube.delete(configMaps, ref);
  const deleting = await kube.get(configMaps, ref);
  assert.ok(deleting.metadata.deletionTimestamp);
  await assert.rejects(removeFinalizer(kube, configMaps, held, "tgp.io/test"), isConflict);
  await removeFinalizer(kube, configMaps, deleting, "tgp.io/test");
  await assert.rejects(kube.get(configMaps, ref), isNotFound);
  await removeFinalizer(kube, configMaps, deleting, "tgp.io/test");
}

async function recordsEvents(kube: KubeClient): Promise<void> {
  const object = await kube.create(configMaps, build("eventful"));
  const recorder = createEventRecorder({ ...deps, kube }, { component: "tgp", instance: "i" });
  const stop = new AbortController();
  const running = recorder.run(stop.signal);
  const note = {
    object: toObjectReference(object),
    type: "Warning",
    reason: "Tried",
    message: "m".repeat(2_000),
  } as const;
  const find = async () =>
    (await kube.list(events, {
      namespace,
      fieldSelector: "involvedObject.name=eventful,reason=Tried",
    })).items;
  recorder.record(note);
  await until(async () => (await find()).length === 1);
  recorder.record(note);
  await until(async () => (await find())[0]?.count === 2);
  stop.abort();
  await running;
  assert.equal((await find()).length, 1);
}

async function electsOneLeader(kube: KubeClient): Promise<void> {
  const stops = [new AbortController(), new AbortController()];
  const led: string[] = [];
  const electors = stops.map((stop, index) => {
    const elector = createLeaderElector(
      { ...deps, kube, monotonicMs: () => performance.now() },
      {
        namespace,
        name: "leader",
        identity: `e2e-${index}`,
        leaseDurationMs: 3_000,
        renewDeadlineMs: 2_000,
        retryPeriodMs: 300,
      },
    );
    const lead = async (signal: AbortSignal) => {
      led.push(`e2e-${index}`);
      await systemClock.sleep(600_000, signal).catch(() => {});
    };
    return { elector, stop, running: elector.run({ lead }, stop.signal) };
  });
  const holders = () => electors.filter(({ elector }) => elector.holdsLease());
  await until(() => holders().length === 1);
  const first = holders()[0];
  // Longer than the deadline, so it has been renewed.
  await systemClock.sleep(2_500);
  assert.deepEqual(holders(), [first]);
  const lease = await kube.get(leases, { namespace, name: "leader" });
  assert.match(lease.spec?.renewTime ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  first?.stop.abort();
  await first?.running;
  await until(() => led.length === 2);
  assert.notEqual(led[0], led[1]);
  stops.forEach((stop) => stop.abort());
  await Promise.all(electors.map(({ running }) => running));
  const released = await kube.get(leases, { namespace, name: "leader" });
  assert.deepEqual([released.spec?.holderIdentity, released.spec?.leaseTransitions], ["", 1]);
}

async function followsOverRestart(kube: KubeClient, plane: ControlPlane): Promise<void> {
  const informer = createInformer({ ...deps, kube }, configMaps, { namespace });
  const heard = new Map<string, string>();
  informer.onChange(({ type, key, object, old }) => {
    heard.set(key, `${type} ${(object ?? old)?.data?.n ?? ""}`);
  });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  await informer.whenSynced(AbortSignal.timeout(patienceMs));
  await kube.create(configMaps, build("gone", { n: "0" }));
  await kube.create(configMaps, build("kept", { n: "0" }));
  await until(() => heard.get("default/kept") === "ADDED 0");

  await plane.restart("kube-apiserver", "SIGKILL");
  // The informer has not reconnected yet, or has: both must do.
  await kube.delete(configMaps, { namespace, name: "gone" });
  await kube.patch(configMaps, { namespace, name: "kept" }, { data: { n: "1" } });
  await until(() => heard.get("default/gone") === "DELETED 0");
  await until(() => heard.get("default/kept") === "MODIFIED 1");
  await kube.patch(configMaps, { namespace, name: "kept" }, { data: { n: "2" } });
  await until(() => heard.get("default/kept") === "MODIFIED 2");
  stop.abort();
  await running;
}
