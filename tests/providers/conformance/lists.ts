/**
 * Lists: complete or an error; and answers with more in them than any document knows.
 *
 * @module
 */

import assert from "node:assert/strict";
import { drive, type ProviderWorld } from "../provider_world.ts";
import { assertThrows, name, never, type Register, rent, rentAndBoot } from "./steps.ts";

/** See the module. */
export function registerLists(test: Register): void {
  test("a list is complete over all pages, and says whose each machine is", async (world) => {
    const id = await rentAndBoot(world);
    world.addForeignMachines(300);
    const instances = await drive(world, world.provider.listInstances(never));
    assert.equal(instances.length, 301);
    assert.deepEqual(
      instances.map((instance) => instance.id).sort(),
      world.machines().map((machine) => machine.id).sort(),
    );
    const ours = instances.filter(({ ownership }) => ownership.kind !== "foreign");
    assert.deepEqual(ours.map((instance) => [instance.id, instance.ownership]), [
      [id, { kind: "ours", claimName: name }],
    ]);
    assert.equal(new Set(instances.map(({ providerID }) => providerID)).size, 301);
  });

  test("a list that cannot be had whole is an error, and none of it is used", async (world) => {
    await rent(world);
    world.addForeignMachines(300);
    if (!world.breakList()) return;
    const error = await assertThrows(world, world.provider.listInstances(never));
    assert.notEqual(error.kind, "not_found");
    assert.match(error.message, /^Cannot list machines: ./);
  });

  test("machines that are gone leave the list, or say that they are", async (world) => {
    const id = await rentAndBoot(world);
    world.addForeignMachines(2);
    await drive(world, world.provider.terminate(id, never));
    await world.end();
    const instances = await drive(world, world.provider.listInstances(never));
    const alive = instances.filter(({ state }) => state !== "terminated");
    assert.deepEqual(
      alive.map((instance) => instance.id).sort(),
      world.machines().filter(({ state }) => state === "alive").map((machine) => machine.id).sort(),
    );
  });

  test("a state that no document knows keeps its machine in sight, and endable", async (world) => {
    const id = await rentAndBoot(world);
    const [before] = await drive(world, world.provider.listInstances(never));
    for (const word of ["HIBERNATING", "hibernating-".repeat(20)]) {
      world.inventState(word);
      const [listed] = await drive(world, world.provider.listInstances(never));
      const found = await drive(world, world.provider.getInstance(id, never));
      for (const instance of [listed, found]) {
        assert.equal(instance?.id, id);
        assert.equal(instance.state, "unknown");
        assert.notEqual(instance.rawState, "");
        assert.notEqual(instance.rawState, before?.rawState);
        assert.deepEqual(instance.ownership, { kind: "ours", claimName: name });
      }
    }
    await drive(world, world.provider.terminate(id, never));
    assert.deepEqual(world.machines().map(({ state }) => state), ["ended"]);
  });

  test("fields that no document knows change nothing", async (world) => {
    const before = await readAll(world);
    world.addUnknownFields();
    assert.deepEqual(await readAll(world), before);
    const id = await rentAndBoot(world);
    const [listed] = await drive(world, world.provider.listInstances(never));
    const found = await drive(world, world.provider.getInstance(id, never));
    assert.deepEqual([listed?.id, listed?.state], [id, "running"]);
    assert.deepEqual(found, listed);
    await drive(world, world.provider.terminate(id, never));
    assert.deepEqual(world.machines().map(({ state }) => state), ["ended"]);
  });
}

/** What reads give that does not depend on when they happen. */
async function readAll(world: ProviderWorld): Promise<unknown> {
  const { provider } = world;
  const offers = await drive(world, provider.listOffers({}, never));
  return {
    identity: await drive(world, provider.verifyCredentials(never)),
    checks: await drive(world, provider.checkAccount(never)),
    machines: await drive(world, provider.listInstances(never)),
    offers: offers.map(({ price: { readAt: _, ...price }, ...offer }) => ({ ...offer, price })),
  };
}
