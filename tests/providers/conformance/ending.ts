/**
 * Ending machines: safe to repeat, never stopped by what stops buying.
 *
 * @module
 */

import assert from "node:assert/strict";
import { resilienceDefaults } from "../../../providers/resilience_defaults.ts";
import { readAlerts } from "../../support/alerts.ts";
import { drive, type ProviderWorld } from "../provider_world.ts";
import {
  assertRefused,
  assertThrows,
  countRequests,
  launch,
  never,
  type Register,
  rent,
  rentAndBoot,
  unknownId,
} from "./steps.ts";

/** See the module. */
export function registerEnding(test: Register): void {
  test("ending a machine that does not exist succeeds", async (world) => {
    const id = await rentAndBoot(world);
    await drive(world, world.provider.terminate(unknownId, never));
    assert.deepEqual(world.machines().map((machine) => [machine.id, machine.state]), [
      [id, "alive"],
    ]);
  });

  test("ending a machine twice succeeds, also at once, also when it is gone", async (world) => {
    const { provider } = world;
    const id = await rentAndBoot(world);
    const both = [provider.terminate(id, never), provider.terminate(id, never)];
    await drive(world, Promise.all(both));
    await drive(world, provider.terminate(id, never));
    assertEnded(world);
    await world.end();
    await drive(world, provider.terminate(id, never));
  });

  test("ending, and nothing else, is what the alert on machines that do not end counts", async (world) => {
    const id = await rentAndBoot(world);
    await drive(world, world.provider.listInstances(never));
    await drive(world, world.provider.getInstance(id, never));
    const before = operationsOf(world);
    await drive(world, world.provider.terminate(id, never));
    const watched = await readWatchedOperations();
    assert.deepEqual(before.filter((operation) => watched.test(operation)), []);
    const ending = operationsOf(world).filter((operation) => !before.includes(operation));
    assert.equal(ending.filter((operation) => watched.test(operation)).length, 1, ending.join());
  });

  for (const spoiling of ["cut", "html502", "truncate", "mistyped"] as const) {
    test(`ending that took effect, its answer spoilt by ${spoiling}, succeeds`, async (world) => {
      const id = await rentAndBoot(world);
      world.spoil("terminate", spoiling, { takesEffect: true });
      await drive(world, world.provider.terminate(id, never));
      assertEnded(world);
    });
  }

  test("ending that did not take effect throws transient, and can be repeated", async (world) => {
    const id = await rentAndBoot(world);
    world.spoil("terminate", "html502", { times: 3 });
    await assertThrows(world, world.provider.terminate(id, never), "transient");
    assert.deepEqual(world.machines().map(({ state }) => state), ["alive"]);
    await untilEnded(world, id, 3);
  });

  test("ending that is refused during the boot throws transient", async (world) => {
    world.refuseTerminateWhileBooting();
    const id = await rent(world);
    await assertThrows(world, world.provider.terminate(id, never), "transient");
    await world.boot();
    await drive(world, world.provider.terminate(id, never));
    assertEnded(world);
  });

  test("ending works while launches are stopped by their breaker", async (world) => {
    const id = await rentAndBoot(world);
    const { breakerFailures, breakerOpenForMs } = resilienceDefaults;
    world.spoil("launch", "unavailable", { times: breakerFailures });
    for (let round = 0; round < breakerFailures; round++) await launch(world);
    assert.deepEqual(world.provider.openBreakers().map(({ state }) => state), ["open"]);
    const before = countRequests(world, "launch");
    assertRefused(await launch(world), "notSent");
    assert.equal(countRequests(world, "launch"), before);
    const breaker = [...world.recorder.gauges].find(([key]) =>
      key.startsWith("tgp_provider_breaker_state") && /launch|create|rent/i.test(key)
    );
    assert.equal(breaker?.[1], 2);
    await drive(world, world.provider.terminate(id, never));
    assertEnded(world);
    await world.clock.advance(breakerOpenForMs);
    assert.equal((await launch(world)).kind, "launched");
    assert.deepEqual(world.provider.openBreakers(), []);
  });

  test("however often ending has failed, it is tried again at once", async (world) => {
    const id = await rentAndBoot(world);
    const failures = 2 * resilienceDefaults.breakerFailures;
    world.spoil("terminate", "html502", { times: failures });
    const startedAt = world.clock.now();
    await untilEnded(world, id, failures);
    assert.ok(world.clock.now() < startedAt + 10 * 60_000);
  });

  test("looking that fails for good does not stop ending", async (world) => {
    const id = await rentAndBoot(world);
    world.spoil("list", "html502", { times: resilienceDefaults.breakerFailures });
    for (let round = 0; round < 2; round++) {
      await assertThrows(world, world.provider.listInstances(never), "transient");
    }
    assert.equal(world.provider.openBreakers().length, 1);
    await drive(world, world.provider.terminate(id, never));
    assertEnded(world);
  });
}

/** Every machine was accepted to be ended. */
function assertEnded(world: ProviderWorld): void {
  const states = world.machines().map(({ state }) => state);
  assert.ok(states.length > 0 && states.every((state) => state === "ended"), states.join());
}

/** Ends a machine, with at most so many failures on the way. */
async function untilEnded(world: ProviderWorld, id: string, failures: number): Promise<void> {
  for (let failed = 0;; failed++) {
    assert.ok(failed <= failures, "ending is not tried any more");
    try {
      await drive(world, world.provider.terminate(id, never));
      break;
    } catch (error) {
      assert.equal((error as { kind?: unknown }).kind, "transient", String(error));
    }
  }
  assertEnded(world);
}

/** What Prometheus matches whole. */
async function readWatchedOperations(): Promise<RegExp> {
  const expr = (await readAlerts()).find(({ alert }) => alert === "TGPMachinesNotEnded")?.expr;
  const patterns = [...(expr ?? "").matchAll(/operation=~"([^"]+)"/g)].map(([, pattern]) =>
    pattern
  );
  assert.equal(new Set(patterns).size, 1, "the alert counts failures and successes of the same");
  return new RegExp(`^(?:${patterns[0]})$`);
}

/** Every operation that a call was counted for. */
function operationsOf({ recorder }: ProviderWorld): readonly string[] {
  const counted = [...recorder.counts.keys()].filter((key) =>
    key.startsWith("tgp_provider_requests_total{")
  );
  return [...new Set(counted.map((key) => /"operation":"([^"]+)"/.exec(key)?.[1] ?? ""))];
}
