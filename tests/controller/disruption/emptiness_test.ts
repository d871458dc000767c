import assert from "node:assert/strict";
import { EmptinessReconciler } from "../../../controller/disruption/emptiness.ts";
import type { Needed } from "../../../controller/need.ts";
import { nodes, pods } from "../../../kube/resource.ts";
import { nodeClaims } from "../../../kube/tgp_resources.ts";
import { findCondition, formatTime } from "../../../schemas/conditions.ts";
import { minutes } from "../../../schemas/duration.ts";
import type { GPUNodeClaim } from "../../../schemas/node_claim.ts";
import {
  buildClaim,
  buildNode,
  buildPod,
  buildSteps,
  testStart,
} from "../../support/controller_builders.ts";
import { claimName } from "../../support/claim_bench.ts";
import { ControllerWorld, isWrite, never } from "../../support/controller_world.ts";

const second = 1_000;

/** An initialized node of a claim, and the reconciler over caches that are current or not. */
class Bench implements Disposable {
  readonly world: ControllerWorld;
  readonly reconciler: EmptinessReconciler;
  needed: Needed = "no";

  private constructor(world: ControllerWorld) {
    this.world = world;
    this.reconciler = new EmptinessReconciler({
      ...world,
      recorder: world.recorder,
      need: { of: () => this.needed, assign: () => {}, add: () => {}, podsOf: () => [] },
      podsOn: (node) => world.pods.list().filter(({ spec }) => spec.nodeName === node),
    });
  }

  static async create(
    spec: Partial<GPUNodeClaim["spec"]> = {},
    steps = buildSteps({ Registered: 0, Initialized: 0 }),
  ): Promise<Bench> {
    const world = await ControllerWorld.create();
    await world.putNode(buildNode());
    const metadata = { finalizers: ["tgp.io/termination"] };
    await world.putClaim(buildClaim({ nodeName: claimName, steps }, { metadata, spec }));
    return new Bench(world);
  }

  async pass(): Promise<unknown> {
    await this.world.sync();
    return await this.#reconcile();
  }

  /** A pass on caches as they are. */
  async stalePass(): Promise<unknown> {
    return await this.#reconcile();
  }

  async #reconcile(): Promise<unknown> {
    const outcome = await this.reconciler.reconcile(claimName, never);
    const claim = await this.world.claim(claimName);
    return claim.status?.end?.reason ?? (outcome.kind === "awaitChange" ? "-" : outcome.delayMs);
  }

  async bind(name: string): Promise<void> {
    await this.world.putPod(buildPod({
      metadata: { name },
      spec: { nodeName: claimName },
      status: { phase: "Running" },
    }));
  }

  async remove(name: string): Promise<void> {
    const options = { gracePeriodSeconds: 0 };
    await this.world.kube.delete(pods, { name, namespace: "default" }, options);
  }

  async isTainted(): Promise<boolean> {
    const node = await this.world.kube.get(nodes, { name: claimName });
    return node.spec?.taints?.some(({ key }) => key === "tgp.io/disrupted") ?? false;
  }

  async consolidatable(): Promise<string | undefined> {
    const { status } = await this.world.claim(claimName);
    return findCondition(status?.conditions, "Consolidatable")?.reason;
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]();
  }
}

Deno.test("a node that never had a pod goes five minutes after it was initialized", async () => {
  using bench = await Bench.create();
  assert.equal(await bench.pass(), 300 * second);
  assert.equal(await bench.consolidatable(), "Empty");
  await bench.world.clock.advance(299 * second);
  assert.equal(await bench.pass(), second);
  await bench.world.clock.advance(second);
  assert.equal(await bench.pass(), "Empty");
  assert.equal(await bench.isTainted(), true);
  assert.deepEqual(bench.world.reasons, ["Empty"]);
});

Deno.test("idle time counts from the last pod's leaving, also over a restart", async () => {
  using bench = await Bench.create({ consolidateAfter: minutes(2) });
  await bench.bind("a");
  assert.equal(await bench.pass(), "-");
  assert.equal(await bench.consolidatable(), "InUse");
  await bench.world.clock.advance(3_600 * second);
  await bench.remove("a");
  assert.equal(await bench.pass(), 120 * second);
  const { status } = await bench.world.claim(claimName);
  assert.equal(status?.lastPodTime, formatTime(testStart + 3_600 * second));
  await bench.world.clock.advance(60 * second);
  assert.equal(await bench.pass(), 60 * second);
  await bench.world.clock.advance(60 * second);
  assert.equal(await bench.pass(), "Empty");
});

Deno.test("a pod that arrives between the taint and the decision keeps the node", async () => {
  using bench = await Bench.create();
  await bench.world.clock.advance(300 * second);
  bench.world.onceAfter(isWrite("patch", "nodes"), () => bench.bind("late"));
  assert.equal(await bench.pass(), second);
  assert.equal(await bench.isTainted(), true);
  assert.equal(await bench.pass(), "-");
  assert.equal(await bench.isTainted(), false);
  assert.equal(await bench.consolidatable(), "InUse");
});

Deno.test("a stale cache without the pod cannot end its node", async () => {
  using bench = await Bench.create();
  await bench.world.clock.advance(300 * second);
  await bench.world.sync();
  const unseen = buildPod({ metadata: { name: "unseen" }, spec: { nodeName: claimName } });
  await bench.world.kube.create(pods, unseen);
  assert.equal(await bench.stalePass(), second);
});

const keepers: readonly (readonly [string, (bench: Bench) => Promise<void>, string])[] = [
  ["a running pod", (bench) => bench.bind("a"), "-"],
  ["an annotation", async ({ world }) => {
    const metadata = { annotations: { "tgp.io/do-not-disrupt": "true" } };
    await world.kube.patch(nodes, { name: claimName }, { metadata });
  }, "-"],
];

for (const [what, prepare, expected] of keepers) {
  Deno.test(`${what} keeps a node, and takes back the mark that it was leaving`, async () => {
    using bench = await Bench.create();
    const { world } = bench;
    const taint = { key: "tgp.io/disrupted", effect: "NoSchedule" };
    await world.kube.patch(nodes, { name: claimName }, { spec: { taints: [taint] } });
    await prepare(bench);
    await world.clock.advance(3_600 * second);
    assert.equal(await bench.pass(), expected);
    assert.equal(await bench.isTainted(), false);
  });
}

Deno.test("policy Never keeps a node", async () => {
  using bench = await Bench.create({ consolidationPolicy: "Never" });
  await bench.world.clock.advance(24 * 3_600 * second);
  assert.equal(await bench.pass(), "-");
});

Deno.test("a machine that is still booting, or ending, is left alone", async () => {
  using booting = await Bench.create({}, buildSteps({ Registered: 0 }));
  await booting.world.clock.advance(3_600 * second);
  assert.equal(await booting.pass(), "-");
  using ending = await Bench.create();
  await ending.world.kube.delete(nodeClaims, { name: claimName });
  await ending.world.clock.advance(3_600 * second);
  assert.equal(await ending.pass(), "-");
  assert.equal(await ending.isTainted(), false);
});

Deno.test("pods of daemons and finished pods do not keep a node", async () => {
  using bench = await Bench.create();
  const owner = (kind: string) => ({ apiVersion: "apps/v1", kind, name: "x", uid: `${kind}-uid` });
  const spec = { nodeName: claimName };
  await bench.world.putPod(buildPod({
    metadata: { name: "daemon", ownerReferences: [owner("DaemonSet")] },
    spec,
    status: { phase: "Running" },
  }));
  await bench.world.putPod(buildPod({
    metadata: { name: "done" },
    spec,
    status: { phase: "Succeeded" },
  }));
  await bench.world.clock.advance(300 * second);
  assert.equal(await bench.pass(), "Empty");
});

Deno.test("a quiet node is written once", async () => {
  using bench = await Bench.create();
  await bench.bind("a");
  let writes = 0;
  bench.world.server.addHook({
    before: ({ method }) => void (method !== "GET" && writes++),
  });
  for (let look = 0; look < 10; look++) {
    await bench.pass();
    await bench.world.clock.advance(60 * second);
  }
  assert.equal(writes, 1);
});

Deno.test("a node waits two minutes for pods that are planned onto it", async () => {
  using bench = await Bench.create({ consolidateAfter: minutes(1) });
  bench.needed = "yes";
  await bench.world.clock.advance(60 * second);
  assert.equal(await bench.pass(), 5 * second);
  assert.equal(await bench.isTainted(), false);
  await bench.world.clock.advance(60 * second);
  assert.equal(await bench.pass(), "Empty");
});
