import assert from "node:assert/strict";
import { drive } from "../provider_world.ts";
import { paperspaceFaults } from "../../../sim/clouds/paperspace/faults.ts";
import type { PaperspaceWorld } from "./paperspace_world.ts";
import {
  ask,
  billedAddresses,
  createWorld,
  launch,
  name,
  never,
  rent,
  requestsSince,
  scriptNames,
} from "./steps.ts";

const hour = 60 * 60_000;

const remove = (world: PaperspaceWorld, isKept: (name: string) => boolean = () => false) =>
  drive(world, world.provider.removeLeftovers(isKept, never));

/** Leaves a script without a machine. */
async function leaveScript(world: PaperspaceWorld, scriptName = name): Promise<void> {
  world.cloud.addFault({ operation: "machines-create", answer: paperspaceFaults.html502 });
  const outcome = await launch(world, { name: scriptName });
  assert.equal(outcome.kind, "unknown");
}

Deno.test("scripts of claims that are gone are removed, an hour after they were stored", async () => {
  const world = await createWorld();
  await leaveScript(world);
  assert.deepEqual(await remove(world), []);
  await world.clock.advance(hour);
  assert.deepEqual(await remove(world, () => true), []);
  assert.deepEqual(scriptNames(world), [name]);
  assert.deepEqual(await remove(world), [`startup script ${name}`]);
  assert.deepEqual([scriptNames(world), await remove(world)], [[], []]);
});

Deno.test("a script that a living machine has, or bears the name of, is not a leftover", async () => {
  const world = await createWorld();
  const id = await rent(world);
  // Another one of that name, of an order that nobody knows the outcome of.
  await leaveScript(world);
  await world.clock.advance(2 * hour);
  assert.deepEqual(await remove(world), []);
  assert.equal(scriptNames(world).length, 2);
  await drive(world, world.provider.terminate(id, never));
  await world.end();
  assert.deepEqual([scriptNames(world), await remove(world)], [[], []]);
});

Deno.test("scripts that are not ours are not touched", async () => {
  const world = await createWorld();
  for (const other of ["fleet-7f3a-boot", "tgp-zzz999-train-q7x2k9", "tgp-abc123"]) {
    await ask(world, "POST", "/startup-scripts", { name: other, script: "true" });
  }
  await world.clock.advance(24 * hour);
  const before = world.requests().length;
  assert.deepEqual(await remove(world), []);
  assert.equal(scriptNames(world).length, 3);
  // Nothing to remove: nobody asks for machines.
  assert.deepEqual(requestsSince(world, before), ["GET /startup-scripts"]);
});

Deno.test("one script that cannot be removed does not keep the others", async () => {
  const world = await createWorld();
  for (const letter of ["a", "b", "c"]) await leaveScript(world, `${name}${letter}`);
  await world.clock.advance(hour);
  world.cloud.addFault({ operation: "startupScripts-delete", answer: paperspaceFaults.busy });
  const removed = await remove(world);
  assert.equal(removed.length, 2);
  assert.equal(scriptNames(world).length, 1);
  assert.match(world.recorder.text, /Cannot remove a startup script/);
  assert.equal((await remove(world)).length, 1);
});

Deno.test("half a list removes nothing", async () => {
  const world = await createWorld();
  await leaveScript(world);
  await world.clock.advance(hour);
  world.cloud.addForeignMachines(300);
  world.cloud.setBehaviour({ laterPages: "fail" });
  await assert.rejects(remove(world), { name: "ProviderError" });
  assert.deepEqual(scriptNames(world), [name]);
});

Deno.test("an assigned script is taken from its machines first", async () => {
  for (const deleteAssignedScript of ["allow", "refuse"] as const) {
    const world = await createWorld({}, { behaviour: { deleteAssignedScript } });
    const id = await rent(world);
    world.cloud.vanish(id);
    await world.clock.advance(hour);
    assert.deepEqual(await remove(world), [`startup script ${name}`]);
  }
});

Deno.test("an address that is owed is released, unless somebody uses it by now", async () => {
  for (const reused of [false, true]) {
    const world = await createWorld({ publicIPType: "Static" });
    const id = await rent(world);
    await world.boot();
    const fault = { operation: "publicIps-list", answer: paperspaceFaults.html502 } as const;
    world.cloud.addFault({ ...fault, times: 2 });
    await assert.rejects(drive(world, world.provider.terminate(id, never)), { kind: "transient" });
    await world.end();
    const [ip = ""] = billedAddresses(world);
    world.cloud.addForeignMachines(1);
    const other = world.machines().find(({ state }) => state === "alive")?.id;
    if (reused) await ask(world, "PUT", `/public-ips/${ip}`, { machineId: other });
    assert.deepEqual(await remove(world), reused ? [] : [`address ${ip}`]);
    assert.deepEqual(billedAddresses(world), reused ? [ip] : []);
    assert.deepEqual(await remove(world), []);
  }
});
