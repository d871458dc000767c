/**
 * Renting: the life of a machine, and every outcome of a launch that is certain.
 *
 * @module
 */

import assert from "node:assert/strict";
import { drive, type ProviderWorld } from "../provider_world.ts";
import {
  assertRefused,
  countRequests,
  launch,
  name,
  never,
  type Register,
  unknownId,
} from "./steps.ts";

/** See the module. */
export function registerLaunching(test: Register): void {
  test("a machine is rented, listed, looked up and ended", (world) => liveThrough(world));

  for (const hours of [-6, 6]) {
    const skewMs = hours * 60 * 60_000;
    test(
      `the same with a vendor whose clock is ${hours} h ahead`,
      (world) => liveThrough(world, skewMs),
      { skewMs },
    );
  }

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

  test("a secret that the vendor repeats is not repeated by us", async (world) => {
    const instanceType = world.secrets.join(" ");
    const outcome = await launch(world, { ...world.order(name), instanceType });
    assert.ok(outcome.kind === "rejected" || outcome.kind === "outOfCapacity", outcome.kind);
    assert.deepEqual(world.machines(), []);
  });

  test("a permit serves once", async (world) => {
    const { provider } = world;
    const permit = await drive(world, provider.acquireLaunch(never));
    const first = await drive(world, provider.launch(world.order(name), permit, never));
    const second = await drive(world, provider.launch(world.order(`${name}b`), permit, never));
    assert.deepEqual([first.kind, second.kind], ["launched", "notSent"]);
    permit.release();
    assert.deepEqual(world.machines().map((machine) => machine.name), [name]);
    assert.equal(countRequests(world, "launch"), 1);
  });

  registerUnsent(test);
}

/** The machine's whole life, seen through the contract. @param skewMs How far the vendor's clock is ahead. */
async function liveThrough(world: ProviderWorld, skewMs = 0): Promise<void> {
  const { provider, clock } = world;
  await drive(world, provider.verifyCredentials(never));
  const order = world.order(name);
  const offers = await drive(world, provider.listOffers({}, never));
  for (const { price } of offers.filter(({ price }) => price.source === "api")) {
    assert.equal(price.readAt, clock.now());
  }
  assert.ok(
    offers.some((offer) =>
      offer.available && offer.instanceType === order.instanceType &&
      offer.location.region === order.region
    ),
  );
  const launchedAfter = clock.now();
  const outcome = await launch(world);
  assert.ok(outcome.kind === "launched", JSON.stringify(outcome));
  const { instanceId: id, providerID } = outcome;
  const [instance] = await drive(world, provider.listInstances(never));
  assert.equal(instance?.id, id);
  assert.deepEqual(instance.ownership, { kind: "ours", claimName: name });
  assert.equal(instance.state, "booting");
  const isRecent = (skew: number) =>
    (instance.launchedAt ?? 0) > launchedAfter + skew - 1_000 &&
    (instance.launchedAt ?? 0) <= clock.now() + skew;
  // By our clock where a tag says, by the vendor's where it does.
  assert.ok(isRecent(0) || isRecent(skewMs), `launched at ${instance.launchedAt}`);
  await world.boot();
  const running = await drive(world, provider.getInstance(id, never));
  assert.equal(running?.state, "running");
  assert.equal(running.instanceType, order.instanceType);
  assert.equal(running.region, order.region);
  assert.ok(running.addresses.length > 0);
  assert.equal(running.providerID, providerID);
  await drive(world, provider.terminate(id, never));
  assert.deepEqual(world.machines().map(({ state }) => state), ["ended"]);
  await world.end();
  const ended = await drive(world, provider.getInstance(id, never));
  assert.ok(ended === null || ended.state === "terminating" || ended.state === "terminated");
  const listed = await drive(world, provider.listInstances(never));
  assert.ok(listed.every(({ state }) => state === "terminating" || state === "terminated"));
}

/** `notSent` is proven at the server: no order arrived there, and there is no machine. */
function registerUnsent(test: Register): void {
  const assertUnsent = (world: ProviderWorld) => {
    assert.equal(countRequests(world, "launch"), 0);
    assert.deepEqual(world.machines(), []);
  };

  test("a refused connection is notSent, and nothing arrived", async (world) => {
    world.disconnect();
    assertRefused(await launch(world), "notSent");
    assert.deepEqual(world.requests(), []);
    assertUnsent(world);
  });

  test("an order past its time is notSent, and nothing arrived", async (world) => {
    const order = { ...world.order(name), sendBefore: world.clock.now() };
    assertRefused(await launch(world, order), "notSent");
    assertUnsent(world);
  });

  test("an order cancelled before it was sent is notSent", async (world) => {
    const { provider } = world;
    const permit = await drive(world, provider.acquireLaunch(never));
    const outcome = await drive(
      world,
      provider.launch(world.order(name), permit, AbortSignal.abort(new Error("not needed"))),
    );
    assertRefused(outcome, "notSent");
    assertUnsent(world);
  });

  test("an order on a place that was given back is notSent", async (world) => {
    const { provider } = world;
    const permit = await drive(world, provider.acquireLaunch(never));
    permit.release();
    assertRefused(await drive(world, provider.launch(world.order(name), permit, never)), "notSent");
    assertUnsent(world);
  });

  test("an order that cannot be written is rejected, and nothing arrived", async (world) => {
    assertRefused(await launch(world, world.order("Not A Host Name")), "rejected");
    assert.deepEqual(world.requests(), []);
    assertUnsent(world);
  });

  test("a type of machine that does not exist is refused, and nothing is rented", async (world) => {
    const outcome = await launch(world, { ...world.order(name), instanceType: unknownId });
    assert.ok(outcome.kind === "rejected" || outcome.kind === "outOfCapacity", outcome.kind);
    assert.deepEqual(world.machines(), []);
  });
}
