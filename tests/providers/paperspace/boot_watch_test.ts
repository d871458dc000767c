import assert from "node:assert/strict";
import { drive } from "../provider_world.ts";
import { paperspaceFaults } from "../../../sim/clouds/paperspace/faults.ts";
import { simTexts } from "../../../sim/clouds/paperspace/errors.ts";
import type { PaperspaceWorld } from "./paperspace_world.ts";
import { createWorld, name, never, rent, requestsSince } from "./steps.ts";

const list = (world: PaperspaceWorld) => drive(world, world.provider.listInstances(never));

const looks = (world: PaperspaceWorld) =>
  world.requests().filter(({ text }) => text === "GET /v1/machine-events").length;

Deno.test("a machine without capacity is off, with the vendor's words", async () => {
  const world = await createWorld({}, { behaviour: { phantomStock: ["H100x8/ny2"] } });
  const id = await rent(world, { instanceType: "H100x8" });
  await world.clock.advance(90_000);
  const failure = { kind: "availability", message: simTexts.startWithoutCapacity };
  const [instance] = await list(world);
  assert.deepEqual(
    [instance?.id, instance?.state, instance?.rawState, instance?.bootFailure],
    [id, "stopped", "off", failure],
  );
  const found = await drive(world, world.provider.getInstance(id, never));
  assert.deepEqual(found, instance);
});

Deno.test("events are read once per machine; looking at all stays one list", async () => {
  const world = await createWorld({}, { behaviour: { boot: "startError", failureText: "Broken" } });
  for (const letter of ["a", "b", "c"]) await rent(world, { name: `${name}${letter}` });
  await world.clock.advance(90_000);
  assert.equal((await list(world)).filter(({ bootFailure }) => bootFailure).length, 3);
  assert.equal(looks(world), 3);
  const before = world.requests().length;
  for (let round = 0; round < 3; round++) {
    await world.clock.advance(60_000);
    const [instance] = await list(world);
    assert.deepEqual(instance?.bootFailure, { kind: "unknown", message: "Broken" });
  }
  assert.deepEqual(requestsSince(world, before), [
    "GET /machines",
    "GET /machines",
    "GET /machines",
  ]);
});

Deno.test("a failure without a word counts after two minutes, looked at now and then", async () => {
  const world = await createWorld({}, { behaviour: { boot: "startError", failureText: null } });
  await rent(world);
  await world.clock.advance(60_000);
  const [early] = await list(world);
  assert.deepEqual([early?.state, early?.bootFailure], ["stopped", undefined]);
  await world.clock.advance(1_000);
  await list(world);
  assert.equal(looks(world), 1);
  await world.clock.advance(120_000);
  const [late] = await list(world);
  assert.equal(late?.bootFailure?.kind, "unknown");
  assert.equal(looks(world), 2);
});

Deno.test("an error that is harmless is none: the machine runs", async () => {
  const world = await createWorld({}, { behaviour: { harmlessErrors: true } });
  await rent(world);
  await world.boot();
  const [instance] = await list(world);
  assert.deepEqual([instance?.state, instance?.bootFailure], ["running", undefined]);
  assert.equal(looks(world), 0);
});

Deno.test("a machine that ran and was stopped has not failed to boot", async () => {
  const world = await createWorld();
  const id = await rent(world);
  await world.boot();
  world.cloud.switchOff(id);
  const [instance] = await list(world);
  assert.deepEqual([instance?.state, instance?.bootFailure], ["stopped", undefined]);
  await world.clock.advance(60_000);
  await list(world);
  assert.equal(looks(world), 1);
});

Deno.test("nobody looks why other people's machines are off", async () => {
  const world = await createWorld();
  world.cloud.addForeignMachines(2);
  await world.boot();
  for (const { id } of world.machines()) world.cloud.switchOff(id);
  const states = (await list(world)).map(({ state }) => state);
  assert.deepEqual([states, looks(world)], [["stopped", "stopped"], 0]);
});

Deno.test("a machine whose events cannot be read stays in sight", async () => {
  const world = await createWorld({}, { behaviour: { boot: "startError", failureText: "Broken" } });
  await rent(world);
  await world.clock.advance(90_000);
  world.cloud.addFault({
    operation: "machineEvents-list",
    answer: paperspaceFaults.html502,
    times: 3,
  });
  const [instance] = await list(world);
  assert.deepEqual([instance?.state, instance?.bootFailure], ["stopped", undefined]);
  assert.match(world.recorder.text, /Cannot tell why a machine is off/);
  await world.clock.advance(60_000);
  assert.ok((await list(world))[0]?.bootFailure);
});

Deno.test("a start that fails again is looked at again", async () => {
  const world = await createWorld({}, { behaviour: { boot: "startError", failureText: "Broken" } });
  const id = await rent(world);
  await world.clock.advance(90_000);
  await list(world);
  world.cloud.setBehaviour({ failureText: "Still broken" });
  const response = await world.cloud.handler(
    new Request(`http://cloud.test/v1/machines/${id}/start`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${world.secrets[0]}` },
    }),
    { peer: {} },
  );
  assert.ok(response instanceof Response && response.ok);
  await world.clock.advance(90_000);
  const [instance] = await list(world);
  assert.equal(instance?.bootFailure?.message, "Still broken");
});

Deno.test("a secret in the vendor's words is not repeated", async () => {
  const world = await createWorld();
  const failureText = `Cannot start ${world.secrets[0]}`;
  world.cloud.setBehaviour({ boot: "startError", failureText });
  await rent(world);
  await world.clock.advance(90_000);
  const [instance] = await list(world);
  assert.equal(instance?.bootFailure?.message, "Cannot start [redacted]");
});
