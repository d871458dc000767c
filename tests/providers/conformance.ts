/**
 * What every provider must do, whatever the cloud: the promises of the contract, tried against the
 * cloud's simulator in process and over sockets.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mock } from "node:test";
import type { LaunchOutcome } from "../../providers/contract.ts";
import { ProviderError, type ProviderErrorKind } from "../../providers/errors.ts";
import { labels } from "../../schemas/labels.ts";
import {
  drive,
  type ProviderHarness,
  type ProviderWorld,
  type Spoiling,
  type Transport,
} from "./provider_world.ts";

const transports: readonly Transport[] = ["in process", "over sockets"];
const never = new AbortController().signal;
const name = "tgp-abc123-train-q7x2k9";

/** Registers the suite for a cloud. */
export function testProviderConformance(harness: ProviderHarness): void {
  for (const transport of transports) {
    const test = (what: string, run: (world: ProviderWorld) => Promise<void>) =>
      Deno.test(`${harness.cloud} ${transport}: ${what}`, async () => {
        const world = await harness.create(transport);
        try {
          await run(world);
          for (const secret of world.secrets) assert.ok(!world.recorder.text.includes(secret));
        } finally {
          await world.close();
        }
      });
    registerLaunch(test);
    registerEnding(test);
    registerReading(test);
    registerPacing(test);
    // Time limits run on the wall clock: there they can be turned by hand only where nothing else
    // needs it.
    if (transport === "in process") registerTimeLimits(test);
  }
}

type Register = (what: string, run: (world: ProviderWorld) => Promise<void>) => void;

function registerLaunch(test: Register): void {
  test("a machine is rented, listed, looked up and ended", async (world) => {
    const { provider } = world;
    await drive(world, provider.verifyCredentials(never));
    const order = world.order(name);
    const offers = await drive(world, provider.listOffers({}, never));
    assert.ok(offers.some((offer) =>
      offer.available && offer.instanceType === order.instanceType &&
      offer.location.region === order.region
    ));
    const launchedAfter = world.clock.now();
    const outcome = await launch(world);
    assert.equal(outcome.kind, "launched");
    const id = outcome.kind === "launched" ? outcome.instanceId : "";
    const [instance] = await drive(world, provider.listInstances(never));
    assert.deepEqual(instance?.ownership, { kind: "ours", claimName: name });
    assert.equal(instance.state, "booting");
    const launchedAt = instance.launchedAt ?? 0;
    assert.ok(launchedAt > launchedAfter - 1_000 && launchedAt <= world.clock.now());
    await world.boot();
    const running = await drive(world, provider.getInstance(id, never));
    assert.equal(running?.state, "running");
    assert.ok(running.addresses.length > 0);
    assert.equal(outcome.kind === "launched" && outcome.providerID, running.providerID);
    await drive(world, provider.terminate(id, never));
    assert.equal(world.machines()[0]?.state, "ended");
    await world.end();
    const ended = await drive(world, provider.getInstance(id, never));
    assert.ok(ended === null || ended.state === "terminating" || ended.state === "terminated");
  });

  test("sold out is outOfCapacity", async (world) => {
    assertRefused(await launch(world, world.soldOutOrder(name)), "outOfCapacity");
    assert.deepEqual(world.machines(), []);
  });

  const misfortunes = [
    ["quota", "quotaExceeded"],
    ["billing", "billing"],
    ["revoked", "unauthorized"],
    ["throttled", "rateLimited"],
  ] as const;
  for (const [misfortune, kind] of misfortunes) {
    test(`launch with ${misfortune} is ${kind}`, async (world) => {
      world.strike(misfortune);
      assertRefused(await launch(world), kind);
      assert.deepEqual(world.machines(), []);
    });
  }

  const ambiguous: readonly Spoiling[] = [
    "cut",
    "truncate",
    "html502",
    "unavailable",
    "htmlOk",
    "mistyped",
    "redirect",
  ];
  for (const spoiling of ambiguous) {
    test(`a launch that took effect, its answer spoilt by ${spoiling}, is unknown`, async (world) => {
      // A connection that has served before: platforms repeat requests on those by themselves.
      await drive(world, world.provider.verifyCredentials(never));
      world.spoil("launch", spoiling, { takesEffect: true });
      assert.equal((await launch(world)).kind, "unknown");
      const instances = await drive(world, world.provider.listInstances(never));
      assert.deepEqual(instances.map((instance) => instance.name), [name]);
      assert.equal(countLaunches(world), 1);
    });
  }

  for (const spoiling of ["cut", "html502"] as const) {
    test(`a launch that did not take effect, ended by ${spoiling}, is unknown`, async (world) => {
      await drive(world, world.provider.verifyCredentials(never));
      world.spoil("launch", spoiling);
      assert.equal((await launch(world)).kind, "unknown");
      assert.deepEqual(world.machines(), []);
      assert.equal(countLaunches(world), 1);
    });
  }

  test("a refused connection is notSent, and nothing arrived", async (world) => {
    world.disconnect();
    assert.equal((await launch(world)).kind, "notSent");
    assert.deepEqual(world.requests(), []);
  });

  test("an order past its time is notSent, and nothing arrived", async (world) => {
    const order = { ...world.order(name), sendBefore: world.clock.now() };
    assert.equal((await launch(world, order)).kind, "notSent");
    assert.deepEqual(world.requests(), []);
  });

  test("an order cancelled before it was sent is notSent", async (world) => {
    const { provider } = world;
    const permit = await drive(world, provider.acquireLaunch(never));
    const outcome = await drive(
      world,
      provider.launch(world.order(name), permit, AbortSignal.abort(new Error("not needed"))),
    );
    assert.equal(outcome.kind, "notSent");
    assert.deepEqual(world.requests(), []);
  });

  test("an order cancelled after it was sent is unknown", async (world) => {
    const { provider } = world;
    world.spoil("launch", "hang", { takesEffect: true });
    const permit = await drive(world, provider.acquireLaunch(never));
    const cancel = new AbortController();
    const launching = provider.launch(world.order(name), permit, cancel.signal);
    await waitFor(world, () => world.machines().length === 1);
    cancel.abort(new Error("not needed"));
    assert.equal((await drive(world, launching)).kind, "unknown");
  });

  test("a permit serves once", async (world) => {
    const { provider } = world;
    const permit = await drive(world, provider.acquireLaunch(never));
    const first = await drive(world, provider.launch(world.order(name), permit, never));
    const second = await drive(world, provider.launch(world.order(`${name}b`), permit, never));
    assert.deepEqual([first.kind, second.kind], ["launched", "notSent"]);
    permit.release();
    assert.equal(countLaunches(world), 1);
  });

  test("an order that cannot be written is rejected, and nothing arrived", async (world) => {
    const outcome = await launch(world, world.order("Not A Host Name"));
    assert.equal(outcome.kind, "rejected");
    assert.deepEqual(world.requests(), []);
  });

  test("a secret that the vendor repeats is not repeated by us", async (world) => {
    const instanceType = world.secrets.join(" ");
    const outcome = await launch(world, { ...world.order(name), instanceType });
    assert.ok(outcome.kind === "rejected" || outcome.kind === "outOfCapacity");
    for (const secret of world.secrets) assert.ok(!outcome.message.includes(secret));
  });

  test("a machine that is missing from lists for a while turns up", async (world) => {
    world.lagLists(120_000);
    await launch(world);
    assert.deepEqual(await drive(world, world.provider.listInstances(never)), []);
    await world.clock.advance(120_000);
    assert.equal((await drive(world, world.provider.listInstances(never))).length, 1);
    const { settle } = world.provider.info();
    assert.ok(settle >= 120_000);
  });
}

function registerEnding(test: Register): void {
  const unknownId = "0123456789abcdef0123456789abcdef";

  test("ending a machine that does not exist succeeds", async (world) => {
    await drive(world, world.provider.terminate(unknownId, never));
  });

  test("ending a machine twice succeeds", async (world) => {
    const id = await launchAndBoot(world);
    await drive(world, world.provider.terminate(id, never));
    await drive(world, world.provider.terminate(id, never));
  });

  for (const spoiling of ["cut", "html502", "truncate", "mistyped"] as const) {
    test(`ending that took effect, its answer spoilt by ${spoiling}, succeeds`, async (world) => {
      const id = await launchAndBoot(world);
      world.spoil("terminate", spoiling, { takesEffect: true });
      await drive(world, world.provider.terminate(id, never));
      assert.equal(world.machines()[0]?.state, "ended");
    });
  }

  test("ending that did not take effect throws transient, and can be repeated", async (world) => {
    const id = await launchAndBoot(world);
    world.spoil("terminate", "html502");
    await assertThrows(world, world.provider.terminate(id, never), "transient");
    await drive(world, world.provider.terminate(id, never));
    assert.equal(world.machines()[0]?.state, "ended");
  });

  test("ending that is refused during the boot throws transient", async (world) => {
    world.refuseTerminateWhileBooting();
    const outcome = await launch(world);
    const id = outcome.kind === "launched" ? outcome.instanceId : "";
    await assertThrows(world, world.provider.terminate(id, never), "transient");
    await world.boot();
    await drive(world, world.provider.terminate(id, never));
  });

  test("ending works while launches are stopped by their breaker", async (world) => {
    const id = await launchAndBoot(world);
    world.spoil("launch", "unavailable", { times: 5 });
    for (let round = 0; round < 5; round++) await launch(world);
    const before = countLaunches(world);
    assert.equal((await launch(world)).kind, "notSent");
    assert.equal(countLaunches(world), before);
    const breaker = [...world.recorder.gauges].find(([key]) =>
      key.startsWith("tgp_provider_breaker_state") && /launch/i.test(key)
    );
    assert.equal(breaker?.[1], 2);
    await drive(world, world.provider.terminate(id, never));
    await world.clock.advance(30_000);
    assert.equal((await launch(world)).kind, "launched");
  });
}

function registerReading(test: Register): void {
  const spoilings: readonly (readonly [Spoiling, ProviderErrorKind])[] = [
    ["cut", "transient"],
    ["truncate", "transient"],
    ["html502", "transient"],
    ["unavailable", "transient"],
    ["htmlOk", "transient"],
    ["mistyped", "unknown"],
    ["redirect", "invalid_request"],
  ];
  for (const [spoiling, kind] of spoilings) {
    test(`answers spoilt by ${spoiling} are ${kind}, with words`, async (world) => {
      world.spoil("list", spoiling, { times: 10 });
      const error = await assertThrows(world, world.provider.listInstances(never), kind);
      assert.match(error.message, /^Cannot list machines: ./);
      world.spoil("get", spoiling, { times: 10 });
      await assertThrows(world, world.provider.getInstance("a".repeat(32), never), kind);
      world.spoil("offers", spoiling, { times: 10 });
      await assertThrows(world, world.provider.listOffers({}, never), kind);
      world.spoil("verify", spoiling, { times: 10 });
      await assertThrows(world, world.provider.verifyCredentials(never), kind);
    });
  }

  test("a read that fails once is repeated", async (world) => {
    world.spoil("list", "html502");
    assert.deepEqual(await drive(world, world.provider.listInstances(never)), []);
    assert.equal(world.requests().length, 2);
  });

  test("a machine that does not exist is null", async (world) => {
    const id = "0123456789abcdef0123456789abcdef";
    assert.equal(await drive(world, world.provider.getInstance(id, never)), null);
  });

  test("a wrong key is unauthorized everywhere", async (world) => {
    world.strike("revoked");
    const { provider } = world;
    const id = "0123456789abcdef0123456789abcdef";
    await assertThrows(world, provider.verifyCredentials(never), "unauthorized");
    await assertThrows(world, provider.listInstances(never), "unauthorized");
    await assertThrows(world, provider.listOffers({}, never), "unauthorized");
    await assertThrows(world, provider.getInstance(id, never), "unauthorized");
    await assertThrows(world, provider.terminate(id, never), "unauthorized");
  });

  test("no network is transient, and says so", async (world) => {
    world.disconnect();
    const verifying = world.provider.verifyCredentials(never);
    const error = await assertThrows(world, verifying, "transient");
    assert.match(error.message, /connection refused/);
  });

  test("a cancelled read rejects with the signal's reason", async (world) => {
    const reason = new Error("no longer wanted");
    const { provider } = world;
    await assert.rejects(
      drive(world, provider.listInstances(AbortSignal.abort(reason))),
      (error) => error === reason,
    );
    world.spoil("list", "hang");
    const cancel = new AbortController();
    const listing = provider.listInstances(cancel.signal);
    listing.catch(() => {});
    await waitFor(world, () => world.requests().length === 1);
    cancel.abort(reason);
    await assert.rejects(drive(world, listing), (error) => error === reason);
  });

  test("a read that is cancelled while its answer comes rejects with the reason", async (world) => {
    const reason = new Error("no longer wanted");
    world.spoil("list", "stall");
    const cancel = new AbortController();
    const listing = world.provider.listInstances(cancel.signal);
    listing.catch(() => {});
    await waitFor(world, () => world.requests().length === 1 && world.inFlight() === 0);
    cancel.abort(reason);
    await assert.rejects(drive(world, listing), (error) => error === reason);
  });

  test("offers carry what scheduling needs", async (world) => {
    const offers = await drive(world, world.provider.listOffers({}, never));
    assert.ok(offers.some((offer) => !offer.available));
    assert.equal(new Set(offers.map((offer) => offer.id)).size, offers.length);
    for (const offer of offers) {
      assert.match(offer.id, /^of-[a-z2-7]{8}$/);
      assert.ok(offer.price.perHour > 0 && offer.price.perGpuHour <= offer.price.perHour);
      assert.equal(offer.labels[labels.provider], world.provider.info().provider);
      for (const value of Object.values(offer.labels)) {
        assert.match(value, /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
      }
      for (const [resource, amount] of Object.entries(offer.allocatable)) {
        assert.ok(amount <= (offer.capacity[resource] ?? 0), resource);
      }
      const { region } = offer.location;
      if (region === undefined) continue;
      const label = offer.labels[labels.region] ?? "";
      assert.equal(world.provider.toNativeRegion(label), region);
      assert.equal(world.provider.fromNativeRegion(region).label, label);
    }
  });

  test("models and prices go both ways", async (world) => {
    const { provider } = world;
    const offers = await drive(world, provider.listOffers({}, never));
    for (const { gpu } of offers) {
      if (gpu?.known) {
        assert.equal(provider.fromNativeGpu(provider.toNativeGpu(gpu.model)), gpu.model);
      }
    }
    const offer = offers.find(({ gpu, available }) => available && gpu?.count === 1);
    const region = offer?.location.region ?? "";
    const price = await drive(world, provider.getPricing(offer?.gpu?.model ?? "", region, never));
    assert.equal(price.perHour, offer?.price.perHour);
    const unsold = provider.getPricing("RTX-3090-24GB", region, never);
    await assertThrows(world, unsold, "not_found");
    assert.throws(() => provider.toNativeGpu("no such card"), RangeError);
    assert.throws(() => provider.toNativeRegion("mars-1"), RangeError);
  });
}

function registerPacing(test: Register): void {
  test("many calls at once are paced so that the vendor never throttles", async (world) => {
    const { provider } = world;
    const calls = Array.from({ length: 6 }, () => provider.listInstances(never));
    await drive(world, Promise.all(calls));
    assert.equal(world.requests().length, 6);
    for (let round = 0; round < 3; round++) {
      assert.equal((await launch(world, world.order(`${name}${round}`))).kind, "launched");
    }
  });

  test("a launch place that is released serves the next at once", async (world) => {
    const { provider } = world;
    (await drive(world, provider.acquireLaunch(never))).release();
    const startedAt = world.clock.now();
    const permit = await drive(world, provider.acquireLaunch(never));
    assert.equal(world.clock.now(), startedAt);
    permit.release();
  });

  test("waiting for a launch place ends when its signal does", async (world) => {
    const { provider } = world;
    const held = await drive(world, provider.acquireLaunch(never));
    const cancel = new AbortController();
    const waiting = provider.acquireLaunch(cancel.signal);
    const reason = new Error("claim deleted");
    cancel.abort(reason);
    await assert.rejects(waiting, (error) => error === reason);
    held.release();
    assert.equal(world.clock.sleeping, 0);
  });
}

function registerTimeLimits(test: Register): void {
  for (const spoiling of ["hang", "stall"] as const) {
    test(`an answer that does not come (${spoiling}) ends at the time limit`, async (world) => {
      mock.timers.enable({ apis: ["setTimeout"] });
      try {
        world.spoil("list", spoiling, { times: 10 });
        const listing = assertThrows(world, world.provider.listInstances(never), "transient");
        const error = await tickUntil(listing);
        assert.match(error.message, /no complete answer from \S+ within \d+ s/);
        world.spoil("launch", spoiling, { takesEffect: true });
        const outcome = await tickUntil(launch(world));
        assert.equal(outcome.kind, "unknown");
        assert.equal(world.machines().length, 1);
      } finally {
        mock.timers.reset();
      }
    });
  }
}

/** Turns the wall clock until a promise settles. */
async function tickUntil<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  for (let seconds = 0; !settled && seconds < 300; seconds++) {
    mock.timers.tick(1_000);
    for (let turn = 0; turn < 20; turn++) await nextTurn();
  }
  assert.ok(settled, "nothing happened in 300 s of wall time");
  return promise;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function launch(world: ProviderWorld, order = world.order(name)): Promise<LaunchOutcome> {
  const permit = await drive(world, world.provider.acquireLaunch(never));
  const sendBefore = order.sendBefore - world.clock.now() > 0
    ? Math.max(order.sendBefore, world.clock.now() + 60_000)
    : order.sendBefore;
  const outcome = await drive(
    world,
    world.provider.launch({ ...order, sendBefore }, permit, never),
  );
  if (outcome.kind !== "launched") {
    for (const secret of world.secrets) assert.ok(!outcome.message.includes(secret));
  }
  return outcome;
}

async function launchAndBoot(world: ProviderWorld): Promise<string> {
  const outcome = await launch(world);
  await world.boot();
  assert.ok(outcome.kind === "launched");
  return outcome.instanceId;
}

function assertRefused(outcome: LaunchOutcome, kind: LaunchOutcome["kind"]): void {
  assert.equal(outcome.kind, kind);
  assert.ok(outcome.kind !== "launched" && outcome.message.length > 0);
}

async function assertThrows(
  world: ProviderWorld,
  promise: Promise<unknown>,
  kind: ProviderErrorKind,
): Promise<ProviderError> {
  try {
    await drive(world, promise);
  } catch (error) {
    assert.ok(error instanceof ProviderError, String(error));
    assert.equal(error.kind, kind, error.message);
    return error;
  }
  return assert.fail(`did not throw ${kind}`);
}

function countLaunches(world: ProviderWorld): number {
  return world.requests().filter(({ purpose }) => purpose === "launch").length;
}

async function waitFor(world: ProviderWorld, holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !holds(); turn++) {
    await nextTurn();
    const due = world.clock.nextDueMs;
    if (due !== undefined && due - world.clock.now() < 10_000) {
      await world.clock.advance(Math.max(0, due - world.clock.now()));
    }
  }
  assert.ok(holds());
}
