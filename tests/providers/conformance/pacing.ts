/**
 * How calls of one account wait: for their turn, by importance, and after a throttle.
 *
 * @module
 */

import assert from "node:assert/strict";
import { resilienceDefaults } from "../../../providers/resilience_defaults.ts";
import { drive } from "../provider_world.ts";
import {
  assertRefused,
  assertThrows,
  begin,
  countRequests,
  launch,
  name,
  never,
  type Register,
  rentAndBoot,
  settle,
  timed,
} from "./steps.ts";

/** Longest time that a call may wait for its turn besides a pause: no vendor's interval is longer. */
const turnMs = 15_000;

/** See the module. */
export function registerPacing(test: Register): void {
  test("many calls at once are paced so that the vendor never throttles", async (world) => {
    const { provider } = world;
    const calls = Array.from({ length: 6 }, () => provider.listInstances(never));
    await drive(world, Promise.all(calls));
    assert.equal(countRequests(world, "list"), 6);
    for (let round = 0; round < 3; round++) {
      assert.equal((await launch(world, world.order(`${name}${round}`))).kind, "launched");
    }
    assert.equal(world.machines().length, 3);
  });

  test("when calls queue up, ending goes first, then looking, then buying", async (world) => {
    const { provider } = world;
    const id = await rentAndBoot(world);
    // A throttle holds everything back until all have asked.
    world.throttle("verify", 1, 5);
    const verifying = begin(provider.verifyCredentials(never));
    await settle(world);
    const seen = world.requests().length;
    const order = { ...world.order(`${name}b`), sendBefore: world.clock.now() + 600_000 };
    const buying = begin(
      provider.acquireLaunch(never).then((permit) => provider.launch(order, permit, never)),
    );
    await settle(world);
    const looking = begin(provider.listInstances(never));
    await settle(world);
    const ending = begin(provider.terminate(id, never));
    await settle(world);
    assert.equal(world.requests().length, seen, "something did not wait");
    const [outcome] = await drive(world, Promise.all([buying, looking, ending, verifying]));
    assert.equal(outcome.kind, "launched");
    const purposes = world.requests().slice(seen).map(({ purpose }) => purpose);
    const at = (purpose: string) => purposes.findIndex((other) => other === purpose);
    assert.ok(!["list", "verify", "launch"].includes(purposes[0] ?? ""), purposes.join());
    assert.ok(at("list") < at("launch"), purposes.join());
    assert.deepEqual(world.machines().map(({ state }) => state), ["ended", "alive"]);
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

  registerThrottles(test);
}

function registerThrottles(test: Register): void {
  const headers = [
    { words: "with Retry-After", seconds: 7, minMs: 7_000, maxMs: 7_000 },
    { words: "without Retry-After", seconds: undefined, ...firstPause() },
  ];
  for (const { words, seconds, minMs, maxMs } of headers) {
    const isPause = (ms: number) => ms >= minMs && ms <= maxMs + turnMs;

    test(`a read that is throttled ${words} waits, and the whole account with it`, async (world) => {
      const { provider } = world;
      world.throttle("list", 1, seconds);
      const startedAt = world.clock.now();
      const looking = begin(timed(world, provider.listInstances(never)));
      await settle(world);
      const seen = world.requests().length;
      const others = [
        begin(timed<unknown>(world, provider.verifyCredentials(never), startedAt)),
        begin(timed<unknown>(world, provider.listOffers({}, never), startedAt)),
      ];
      await settle(world);
      assert.equal(world.requests().length, seen, "something did not wait");
      const all = await drive(world, Promise.all([looking, ...others]));
      for (const { tookMs } of all) assert.ok(isPause(tookMs), `${tookMs}`);
      assert.deepEqual(provider.openBreakers(), []);
    });

    test(`a launch that is throttled ${words} is rateLimited, and the account waits`, async (world) => {
      world.throttle("launch", 1, seconds);
      const outcome = await launch(world);
      assertRefused(outcome, "rateLimited");
      const retryAfterMs = outcome.kind === "rateLimited" ? outcome.retryAfterMs : 0;
      assert.equal(retryAfterMs, seconds === undefined ? undefined : seconds * 1_000);
      assert.deepEqual(world.machines(), []);
      const looking = timed(world, world.provider.listInstances(never));
      const { tookMs } = await drive(world, looking);
      assert.ok(isPause(tookMs), `${tookMs}`);
      assert.equal((await launch(world)).kind, "launched");
      assert.equal(countRequests(world, "launch"), 2);
    });

    test(`ending that is throttled ${words} waits and ends`, async (world) => {
      const id = await rentAndBoot(world);
      world.throttle("terminate", 1, seconds);
      const { tookMs } = await drive(world, timed(world, world.provider.terminate(id, never)));
      assert.ok(isPause(tookMs), `${tookMs}`);
      assert.deepEqual(world.machines().map(({ state }) => state), ["ended"]);
    });
  }

  test("a throttle that does not end is told, with the vendor's time", async (world) => {
    world.throttle("list", 10, 2);
    const error = await assertThrows(world, world.provider.listInstances(never), "rate_limit");
    assert.equal(error.retryAfterMs, 2_000);
    assert.equal(countRequests(world, "list"), resilienceDefaults.attempts);
    assert.deepEqual(world.provider.openBreakers(), []);
  });

  test("pauses without Retry-After grow from throttle to throttle", async (world) => {
    const attempts = resilienceDefaults.attempts;
    world.throttle("list", attempts, undefined);
    const startedAt = world.clock.now();
    await assertThrows(world, world.provider.listInstances(never), "rate_limit");
    const { tookMs } = await drive(
      world,
      timed(world, world.provider.listInstances(never), startedAt),
    );
    // Three pauses, each at least twice the one before.
    assert.ok(tookMs >= firstPause().minMs * (2 ** attempts - 1), `${tookMs}`);
  });

  test("an hour of Retry-After is told at once, not waited for", async (world) => {
    world.throttle("list", 1, 3_600);
    const startedAt = world.clock.now();
    const error = await assertThrows(world, world.provider.listInstances(never), "rate_limit");
    assert.equal(error.retryAfterMs, 3_600_000);
    assert.equal(world.clock.now(), startedAt);
    const { tookMs } = await drive(world, timed(world, world.provider.listInstances(never)));
    const { maxPauseMs } = resilienceDefaults;
    assert.ok(tookMs >= maxPauseMs && tookMs <= maxPauseMs + turnMs, `${tookMs}`);
  });
}

/** Half of a backoff is fixed, half random. */
function firstPause(): { readonly minMs: number; readonly maxMs: number } {
  const { initialMs } = resilienceDefaults.throttleBackoff;
  return { minMs: initialMs / 2, maxMs: initialMs };
}
