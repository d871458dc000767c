import assert from "node:assert/strict";
import { defaultPollIntervals } from "../../controller/accounts/account_poller.ts";
import { type Controller, createController, leaseName } from "../../controller/controller.ts";
import { defaultBatchWindow } from "../../controller/provisioner/batcher.ts";
import { leases } from "../../kube/resource.ts";
import { cut } from "../../sim/handler.ts";
import { ControllerWorld, testNamespace } from "../support/controller_world.ts";

function createIn(world: ControllerWorld, identity: string): Controller {
  const { clock, kube, log, metrics, random } = world;
  return createController({
    kube,
    clock,
    wallClock: clock,
    monotonicMs: () => clock.now(),
    random,
    log,
    metrics,
    fetch: () => Promise.reject(new TypeError("no network")),
    vendorUrls: {},
  }, {
    namespace: testNamespace,
    credentialNamespaces: [],
    identity,
    caBundle: undefined,
    pollIntervals: defaultPollIntervals,
    batchWindow: defaultBatchWindow,
  });
}

async function holder(world: ControllerWorld): Promise<string | undefined> {
  return (await world.find(leases, leaseName, testNamespace))?.spec?.holderIdentity;
}

Deno.test("a controller leads as soon as its caches are complete, and gives the lease back", async () => {
  using world = await ControllerWorld.create();
  const controller = createIn(world, "first");
  const stop = new AbortController();
  assert.equal(controller.isReady(), false);
  const running = controller.run(stop.signal);
  await world.clock.advance(3_000);
  assert.equal(controller.isReady(), true);
  assert.equal(controller.isLeader(), true);
  assert.equal(await holder(world), "first");
  stop.abort();
  await world.clock.advance(5_000);
  await running;
  assert.equal(controller.isLeader(), false);
  assert.notEqual(await holder(world), "first");
  assert.equal(world.clock.sleeping, 0);
});

Deno.test("a follower is ready but does not lead, and takes over when the leader stops", async () => {
  using world = await ControllerWorld.create();
  const [first, second] = [createIn(world, "first"), createIn(world, "second")];
  const stops = [new AbortController(), new AbortController()] as const;
  const running = [first.run(stops[0].signal)];
  await world.clock.advance(3_000);
  running.push(second.run(stops[1].signal));
  await world.clock.advance(10_000);
  assert.deepEqual([first, second].map((one) => [one.isReady(), one.isLeader()]), [
    [true, true],
    [true, false],
  ]);
  stops[0].abort();
  await world.clock.advance(10_000);
  assert.equal(second.isLeader(), true);
  stops[1].abort();
  await world.clock.advance(5_000);
  await Promise.all(running);
});

Deno.test("a controller without an API server is not ready, and stops when told", async () => {
  using world = await ControllerWorld.create();
  world.server.addHook({ before: () => cut });
  const controller = createIn(world, "first");
  const stop = new AbortController();
  const running = controller.run(stop.signal);
  await world.clock.advance(60_000);
  assert.equal(controller.isReady(), false);
  assert.equal(controller.isLeader(), false);
  stop.abort();
  await world.clock.advance(60_000);
  await running;
});
