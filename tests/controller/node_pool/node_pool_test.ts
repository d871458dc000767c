import assert from "node:assert/strict";
import { createLedger } from "../../../controller/ledger.ts";
import { NodePoolReconciler } from "../../../controller/node_pool/node_pool.ts";
import { nodeClaims, nodePools } from "../../../kube/tgp_resources.ts";
import { createPrometheusMetrics } from "../../../runtime/prometheus.ts";
import { findCondition, formatTime } from "../../../schemas/conditions.ts";
import { parseUsd } from "../../../schemas/money.ts";
import {
  buildClaim,
  buildClass,
  buildCondition,
  buildLaunch,
  buildPool,
  testStart,
} from "../../support/controller_builders.ts";
import { claimName } from "../../support/claim_bench.ts";
import { ControllerWorld, isWrite, never, testNamespace } from "../../support/controller_world.ts";

function start(world: ControllerWorld) {
  const reconciler = new NodePoolReconciler({
    ...world,
    metrics: world.metrics,
    ledger: createLedger(world.kube, testNamespace),
    pendingPods: () => 2,
  });
  return async () => {
    await world.sync();
    const outcome = await reconciler.reconcile("gpu", never);
    await world.sync();
    return outcome;
  };
}

async function setUp(): Promise<ControllerWorld> {
  const world = await ControllerWorld.create();
  await world.putClass(buildClass({ status: { conditions: [buildCondition("Ready")] } }));
  await world.putPool(buildPool());
  return world;
}

const running = buildClaim({
  launch: buildLaunch(),
  instanceID: "i-1",
  prices: [{ from: formatTime(testStart), perHour: parseUsd("1.20"), source: "Offer" }],
});

Deno.test("a pool says what it has and what that costs", async () => {
  using world = await setUp();
  await world.putClaim(running);
  const reconcile = start(world);
  assert.deepEqual(await reconcile(), {
    kind: "requeueAfter",
    delayMs: 60_000,
    reason: "spending grows",
  });
  const { status } = world.pools.get("gpu") ?? {};
  assert.equal(status?.nodes, 1);
  assert.equal(status?.spendPerHour, parseUsd("1.20"));
  assert.equal(status?.pendingPods, 2);
  assert.equal(status?.observedGeneration, 1);
  assert.equal(findCondition(status?.conditions, "Ready")?.status, "True");
});

Deno.test("claims of other pools do not count", async () => {
  using world = await setUp();
  await world.putClaim(buildClaim(running.status, { spec: { nodePoolRef: { name: "other" } } }));
  await start(world)();
  assert.equal(world.pools.get("gpu")?.status?.nodes, 0);
});

Deno.test("a pool whose machines are gone shows no resources any more, and comes to rest", async () => {
  using world = await setUp();
  await world.putClaim(running);
  const reconcile = start(world);
  await reconcile();
  assert.ok(world.pools.get("gpu")?.status?.resources?.["nvidia.com/gpu"]);
  await world.kube.delete(nodeClaims, { name: claimName });
  await reconcile();
  assert.deepEqual(world.pools.get("gpu")?.status?.resources, {});
  let writes = 0;
  world.server.addHook({
    before: (request) => void (isWrite("patch", "gpunodepools/status")(request) && writes++),
  });
  for (let pass = 0; pass < 5; pass++) await reconcile();
  assert.equal(writes, 0);
});

Deno.test("money that goes by is written every ten minutes, and what happens at once", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(buildClass({ status: { conditions: [buildCondition("Ready")] } }));
  await world.putPool(buildPool({ spec: { limits: { spendPerDay: parseUsd("1.44") } } }));
  await world.putClaim(running);
  const reconcile = start(world);
  const writtenAt: number[] = [];
  world.server.addHook({
    before: (request) =>
      void (isWrite("patch", "gpunodepools/status")(request) &&
        writtenAt.push((world.clock.now() - testStart) / 60_000)),
  });
  for (let minute = 0; minute < 60; minute++) {
    await reconcile();
    if (minute === 4) {
      await world.kube.patch(nodePools, { name: "gpu" }, { spec: { paused: true } });
    }
    await world.clock.advance(60_000);
  }
  // In minute 12 24 cents are gone, and the next hour of the machine leaves nothing to buy for.
  assert.deepEqual(writtenAt, [0, 5, 12, 22, 32, 42, 52]);
  const { spentToday, conditions } = world.pools.get("gpu")?.status ?? {};
  assert.equal(spentToday, parseUsd("1.04"));
  assert.equal(findCondition(conditions, "WithinBudget")?.status, "False");
});

Deno.test("a pool that is gone or going is left alone", async () => {
  using world = await setUp();
  const reconcile = start(world);
  await world.kube.patch(nodePools, { name: "gpu" }, { metadata: { finalizers: ["a.test/b"] } });
  await world.kube.delete(nodePools, { name: "gpu" });
  assert.deepEqual(await reconcile(), { kind: "awaitChange" });
  assert.equal(world.pools.get("gpu")?.status, undefined);
  await world.kube.patch(nodePools, { name: "gpu" }, { metadata: { finalizers: [] } });
  assert.deepEqual(await reconcile(), { kind: "awaitChange" });
});

Deno.test("what was measured of a pool goes with it", async () => {
  using world = await setUp();
  const metrics = createPrometheusMetrics({}, { processMetrics: false });
  const reconciler = new NodePoolReconciler({
    ...world,
    metrics,
    ledger: createLedger(world.kube, testNamespace),
    pendingPods: () => 0,
  });
  await world.putPool(buildPool({ metadata: { name: "other" } }));
  await world.sync();
  await reconciler.reconcile("gpu", never);
  await reconciler.reconcile("other", never);
  assert.match(await metrics.expose(), /^tgp_pool_nodes\{pool="gpu"\} 0$/m);
  await world.kube.delete(nodePools, { name: "gpu" });
  await world.sync();
  await reconciler.reconcile("gpu", never);
  const text = await metrics.expose();
  assert.doesNotMatch(text, /pool="gpu"/);
  assert.match(text, /^tgp_pool_nodes\{pool="other"\} 0$/m);
  assert.match(text, /^tgp_pool_spend_usd_per_hour\{pool="other"\} 0$/m);
});
