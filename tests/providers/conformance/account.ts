/**
 * The account itself: what can be said about it, and what is cleaned up in it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { drive, type ProviderWorld } from "../provider_world.ts";
import { assertSafe, name, never, type Register, rentAndBoot } from "./steps.ts";

/** See the module. */
export function registerAccount(test: Register): void {
  test("checks of a good account find nothing wrong", async (world) => {
    const checks = await check(world);
    assert.ok(checks.length > 0);
    assert.equal(new Set(checks.map(({ what }) => what)).size, checks.length);
    assert.deepEqual(checks.filter(({ state }) => state === "fail"), []);
    for (const { message } of checks) assert.notEqual(message, "");
    assert.deepEqual(world.machines(), []);
  });

  for (const spoiling of ["html502", "htmlOk", "mistyped", "cut"] as const) {
    test(`checks do not throw when answers are spoilt by ${spoiling}`, async (world) => {
      for (const purpose of ["verify", "list", "get", "offers"] as const) {
        world.spoil(purpose, spoiling, { times: 20 });
      }
      assert.ok((await check(world)).some(({ state }) => state !== "ok"));
    });
  }

  test("checks without a network do not throw, and vouch for nothing that is asked", async (world) => {
    world.disconnect();
    assert.ok((await check(world)).every(({ state }) => state !== "ok"));
  });

  test("checks end when their signal does", async (world) => {
    const reason = new Error("no longer wanted");
    await assert.rejects(
      drive(world, world.provider.checkAccount(AbortSignal.abort(reason))),
      (error) => error === reason,
    );
  });

  test("leftovers of claims that are kept, or of machines that run, are not touched", async (world) => {
    const { provider } = world;
    const id = await rentAndBoot(world);
    const remove = (isKept: (claimName: string) => boolean) =>
      drive(world, provider.removeLeftovers(isKept, never));
    assert.deepEqual(await remove(() => true), []);
    assert.deepEqual(await remove(() => false), []);
    assert.deepEqual(world.machines().map(({ state }) => state), ["alive"]);
    assert.equal((await drive(world, provider.getInstance(id, never)))?.state, "running");
  });

  test("leftovers are removed once, and only those of claims that are gone", async (world) => {
    const { provider } = world;
    const id = await rentAndBoot(world);
    await drive(world, provider.terminate(id, never));
    await world.end();
    const asked = new Set<string>();
    const remove = () =>
      drive(
        world,
        provider.removeLeftovers((claimName) => {
          asked.add(claimName);
          return false;
        }, never),
      );
    const removed = await remove();
    assert.ok(removed.every((what) => what.length > 0));
    assertSafe(world, removed);
    assert.deepEqual(await remove(), []);
    assert.deepEqual([...asked].filter((claimName) => claimName !== name), []);
  });
}

async function check(world: ProviderWorld) {
  const checks = await drive(world, world.provider.checkAccount(never));
  assertSafe(world, checks);
  return checks;
}
