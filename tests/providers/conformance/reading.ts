/**
 * Answers that are not what they should be, and calls that nobody waits for any more.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { ProviderErrorKind } from "../../../providers/errors.ts";
import { drive, type Spoiling } from "../provider_world.ts";
import {
  assertThrows,
  begin,
  countRequests,
  never,
  type Register,
  unknownId,
  waitFor,
} from "./steps.ts";

/** See the module. */
export function registerReading(test: Register): void {
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
      const { provider } = world;
      world.spoil("list", spoiling, { times: 10 });
      const error = await assertThrows(world, provider.listInstances(never), kind);
      assert.match(error.message, /^Cannot list machines: ./);
      world.spoil("get", spoiling, { times: 10 });
      await assertThrows(world, provider.getInstance(unknownId, never), kind);
      world.spoil("offers", spoiling, { times: 10 });
      await assertThrows(world, provider.listOffers({}, never), kind);
      world.spoil("verify", spoiling, { times: 10 });
      await assertThrows(world, provider.verifyCredentials(never), kind);
    });
  }

  test("a read that fails once is repeated", async (world) => {
    world.spoil("list", "html502");
    assert.deepEqual(await drive(world, world.provider.listInstances(never)), []);
    assert.ok(world.requests().length >= 2);
  });

  test("a machine that does not exist is null", async (world) => {
    assert.equal(await drive(world, world.provider.getInstance(unknownId, never)), null);
  });

  test("no network is transient everywhere, and says so", async (world) => {
    world.disconnect();
    const { provider } = world;
    const calls: readonly Promise<unknown>[] = [
      provider.verifyCredentials(never),
      provider.listInstances(never),
      provider.listOffers({}, never),
      provider.getInstance(unknownId, never),
      provider.terminate(unknownId, never),
    ];
    for (const call of calls.map((call) => begin(call))) {
      const error = await assertThrows(world, call, "transient");
      assert.match(error.message, /connection refused/);
    }
    assert.deepEqual(world.requests(), []);
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
    const listing = begin(provider.listInstances(cancel.signal));
    await waitFor(world, () => world.requests().length === 1);
    cancel.abort(reason);
    await assert.rejects(drive(world, listing), (error) => error === reason);
    assert.deepEqual(await drive(world, provider.listInstances(never)), []);
  });

  test("a read that is cancelled while its answer comes rejects with the reason", async (world) => {
    const reason = new Error("no longer wanted");
    world.spoil("list", "stall");
    const cancel = new AbortController();
    const listing = begin(world.provider.listInstances(cancel.signal));
    await waitFor(world, () => world.requests().length === 1 && world.inFlight() === 0);
    cancel.abort(reason);
    await assert.rejects(drive(world, listing), (error) => error === reason);
  });

  test("a cancelled ending rejects with the reason, and can be repeated", async (world) => {
    const reason = new Error("told to stop");
    world.spoil("terminate", "hang");
    const cancel = new AbortController();
    const ending = begin(world.provider.terminate(unknownId, cancel.signal));
    await waitFor(world, () => countRequests(world, "terminate") === 1);
    cancel.abort(reason);
    await assert.rejects(drive(world, ending), (error) => error === reason);
    await drive(world, world.provider.terminate(unknownId, never));
  });
}
