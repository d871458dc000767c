/**
 * Breakers: one per operation, seen from outside as they open, try again and close.
 *
 * @module
 */

import assert from "node:assert/strict";
import { resilienceDefaults } from "../../../providers/resilience_defaults.ts";
import { drive, type ProviderWorld } from "../provider_world.ts";
import { assertThrows, begin, countRequests, never, type Register, waitFor } from "./steps.ts";

const { breakerFailures, breakerOpenForMs } = resilienceDefaults;

/** See the module. */
export function registerBreakers(test: Register): void {
  test("a breaker opens, tries again half-open, and closes", async (world) => {
    const { provider, clock } = world;
    const states = () => provider.openBreakers().map(({ state }) => state);
    assert.deepEqual(states(), []);
    await open(world);
    assert.deepEqual(states(), ["open"]);
    await assertNotTried(world);
    // Other operations go on.
    await drive(world, provider.verifyCredentials(never));

    await clock.advance(breakerOpenForMs);
    world.spoil("list", "hang");
    const tried = countRequests(world, "list");
    const cancel = new AbortController();
    const trial = begin(provider.listInstances(cancel.signal));
    await waitFor(world, () => countRequests(world, "list") > tried);
    assert.deepEqual(states(), ["half-open"]);
    await assertNotTried(world);
    const reason = new Error("no longer wanted");
    cancel.abort(reason);
    await assert.rejects(drive(world, trial), (error) => error === reason);
    // A trial without a result proves nothing.
    assert.deepEqual(states(), ["open"]);
    await assertNotTried(world);

    await clock.advance(breakerOpenForMs);
    assert.deepEqual(await drive(world, provider.listInstances(never)), []);
    assert.deepEqual(states(), []);
    const gauges = [...world.recorder.gauges].filter(([key]) =>
      key.startsWith("tgp_provider_breaker_state")
    );
    assert.deepEqual(gauges.map(([, value]) => value), [0]);
  });

  test("a trial that fails opens the breaker again", async (world) => {
    await open(world);
    await world.clock.advance(breakerOpenForMs);
    world.spoil("list", "unavailable");
    await assertThrows(world, world.provider.listInstances(never), "transient");
    assert.deepEqual(world.provider.openBreakers().map(({ state }) => state), ["open"]);
    await assertNotTried(world);
  });

  test("refusals are answers: they open no breaker", async (world) => {
    world.strike("revoked");
    for (let round = 0; round < 2 * breakerFailures; round++) {
      await assertThrows(world, world.provider.listInstances(never), "unauthorized");
    }
    assert.deepEqual(world.provider.openBreakers(), []);
  });
}

/** Fails as often as it takes, and not once more. */
async function open(world: ProviderWorld): Promise<void> {
  world.spoil("list", "html502", { times: breakerFailures });
  for (let round = 0; round < breakerFailures; round++) {
    if (world.provider.openBreakers().length > 0) return;
    await assertThrows(world, world.provider.listInstances(never), "transient");
  }
}

/** A call is refused on the spot, with the reason of the last failure. */
async function assertNotTried(world: ProviderWorld): Promise<void> {
  const seen = world.requests().length;
  const error = await assertThrows(world, world.provider.listInstances(never), "transient");
  assert.match(error.message, /not tried for now, the last calls all failed \(./);
  assert.equal(world.requests().length, seen);
}
