import assert from "node:assert/strict";
import { drive } from "../provider_world.ts";
import type { ProviderError } from "../../../providers/errors.ts";
import { type PaperspaceFault, paperspaceFaults } from "../../../sim/clouds/paperspace/faults.ts";
import type { PaperspaceWorld } from "./paperspace_world.ts";
import {
  ask,
  billedAddresses,
  createWorld,
  killAfter,
  name,
  never,
  rent,
  requestsSince,
  scriptNames,
} from "./steps.ts";

async function rentAndBoot(world: PaperspaceWorld): Promise<string> {
  const id = await rent(world);
  await world.boot();
  return id;
}

const terminate = (world: PaperspaceWorld, id: string) =>
  drive(world, world.provider.terminate(id, never));

async function assertTransient(world: PaperspaceWorld, id: string): Promise<ProviderError> {
  let thrown: unknown;
  await assert.rejects(terminate(world, id), (error: ProviderError) => {
    thrown = error;
    return error.kind === "transient";
  });
  return thrown as ProviderError;
}

Deno.test("a machine without a static address ends with its script", async () => {
  const world = await createWorld();
  const id = await rentAndBoot(world);
  const before = world.requests().length;
  await terminate(world, id);
  const [script] = world.cloud.startupScripts();
  assert.deepEqual(requestsSince(world, before), [
    `GET /machines/${id}`,
    `DELETE /machines/${id}`,
    "GET /startup-scripts",
    `POST /startup-scripts/${script?.id}/unassign`,
    `DELETE /startup-scripts/${script?.id}`,
  ]);
  assert.deepEqual(scriptNames(world), []);
});

Deno.test("a static address is released before its machine ends; others are not touched", async () => {
  const world = await createWorld({ publicIPType: "Static" });
  const other = await rent(world, { name: `${name}b` });
  const id = await rentAndBoot(world);
  const before = world.requests().length;
  await terminate(world, id);
  const requests = requestsSince(world, before);
  const released = requests.findIndex((text) => text.startsWith("DELETE /public-ips/"));
  assert.ok(released !== -1 && released < requests.indexOf(`DELETE /machines/${id}`));
  const [left] = world.cloud.publicIps().filter((ip) => !ip.released);
  assert.equal(left?.machineId, other);
  assert.equal(billedAddresses(world).length, 1);
});

Deno.test("an address that cannot be released does not keep the machine, and is repeated", async () => {
  const failures: readonly PaperspaceFault["operation"][] = ["publicIps-list", "publicIps-release"];
  for (const operation of failures) {
    const world = await createWorld({ publicIPType: "Static" });
    const id = await rentAndBoot(world);
    world.cloud.addFault({ operation, answer: paperspaceFaults.html502, times: 2 });
    const error = await assertTransient(world, id);
    assert.match(error.message, /is being ended, but its static addresses.*to be repeated/);
    assert.deepEqual(world.machines().map(({ state }) => state), ["ended"]);
    assert.deepEqual(scriptNames(world), []);
    await terminate(world, id);
    assert.deepEqual(billedAddresses(world), []);
  }
});

Deno.test("an address that fails once is released in the same call", async () => {
  const world = await createWorld({ publicIPType: "Static" });
  const id = await rentAndBoot(world);
  world.cloud.addFault({ operation: "publicIps-release", answer: paperspaceFaults.cut });
  await terminate(world, id);
  assert.deepEqual(billedAddresses(world), []);
});

Deno.test("an address owed by a machine that is gone is released by the next call", async () => {
  const world = await createWorld({ publicIPType: "Static" });
  const id = await rentAndBoot(world);
  world.cloud.addFault({ operation: "publicIps-list", answer: paperspaceFaults.html502, times: 2 });
  await assertTransient(world, id);
  await world.end();
  // Nothing at the vendor says whose it was.
  assert.equal(world.cloud.publicIps()[0]?.machineId, undefined);
  await terminate(world, id);
  assert.deepEqual(billedAddresses(world), []);
});

Deno.test("an address of a machine that could not be looked up is owed, too", async () => {
  const world = await createWorld({ publicIPType: "Static" });
  const id = await rentAndBoot(world);
  const answer = paperspaceFaults.html502;
  world.cloud.addFault({ operation: "machines-get", answer });
  world.cloud.addFault({ operation: "publicIps-release", answer, times: 2 });
  await assertTransient(world, id);
  await world.end();
  await terminate(world, id);
  assert.deepEqual(billedAddresses(world), []);
});

Deno.test("a machine that is gone needs no addresses to end, and says that one may bill on", async () => {
  const world = await createWorld();
  const id = await rentAndBoot(world);
  world.cloud.vanish(id);
  await world.end();
  world.cloud.addFault({
    operation: "publicIps-list",
    answer: paperspaceFaults.html502,
    times: 10,
  });
  await terminate(world, id);
  assert.match(world.recorder.text, /A static address may bill on/);
});

Deno.test("a script is left for later when it cannot be removed", async () => {
  for (const operation of ["startupScripts-list", "startupScripts-delete"] as const) {
    const world = await createWorld();
    const id = await rentAndBoot(world);
    world.cloud.addFault({ operation, answer: paperspaceFaults.html502, times: 2 });
    await terminate(world, id);
    assert.deepEqual(world.machines().map(({ state }) => state), ["ended"]);
    assert.deepEqual(scriptNames(world), [name]);
    assert.match(world.recorder.text, /A startup script is left for later/);
    await terminate(world, id);
    await terminate(world, id);
    assert.deepEqual(scriptNames(world), []);
  }
});

Deno.test("scripts that are not ours stay, even on our machine", async () => {
  const world = await createWorld();
  const id = await rentAndBoot(world);
  for (const other of ["somebody's", "tgp-zzz999-train-q7x2k9"]) {
    await ask(world, "POST", "/startup-scripts", { name: other, script: "true" });
    const script = world.cloud.startupScripts().at(-1);
    await ask(world, "POST", `/startup-scripts/${script?.id}/assign`, { machineId: id });
  }
  await terminate(world, id);
  assert.deepEqual(scriptNames(world), ["somebody's", "tgp-zzz999-train-q7x2k9"]);
});

for (const repeatedDelete of ["accept", "conflict", "notFound"] as const) {
  for (const stateWhileDeleting of ["stopping", null]) {
    Deno.test(`ending twice succeeds: ${repeatedDelete}, ${stateWhileDeleting}`, async () => {
      const world = await createWorld({}, { behaviour: { repeatedDelete, stateWhileDeleting } });
      const id = await rentAndBoot(world);
      await terminate(world, id);
      await terminate(world, id);
      await world.end();
      await terminate(world, id);
      assert.deepEqual(world.machines().map(({ state }) => state), ["ended"]);
    });
  }
}

Deno.test("a deletion that came to nothing is ordered again", async () => {
  const world = await createWorld({}, { behaviour: { deletion: "error" } });
  const id = await rentAndBoot(world);
  await terminate(world, id);
  await world.clock.advance(60_000);
  world.cloud.addFault({ operation: "machines-delete", answer: paperspaceFaults.html502 });
  // The failed one is no sign of an end.
  await assertTransient(world, id);
  world.cloud.setBehaviour({ deletion: "normal" });
  await terminate(world, id);
  assert.deepEqual(world.machines().map(({ state }) => state), ["ended"]);
});

Deno.test("an API that is gone says nothing of machines", async () => {
  const world = await createWorld();
  const id = await rentAndBoot(world);
  const gone: readonly PaperspaceFault["answer"][] = [
    { kind: "error", code: "NOT_FOUND" },
    { kind: "raw", status: 404, body: "<html><title>404</title></html>" },
    { kind: "raw", status: 404, body: "" },
    { kind: "raw", status: 410, body: '{"message":"Gone","code":"GONE"}' },
  ];
  for (const answer of gone) {
    world.cloud.addFault({ operation: "*", answer, times: 100 });
    const looking = drive(world, world.provider.getInstance(id, never));
    await assert.rejects(looking, { name: "ProviderError", kind: "retired" });
    await assert.rejects(terminate(world, id), { name: "ProviderError" });
    const listing = drive(world, world.provider.listInstances(never));
    await assert.rejects(listing, { kind: "retired" });
    world.cloud.clearFaults();
  }
  assert.deepEqual(world.machines().map(({ state }) => state), ["alive"]);
});

Deno.test("killed anywhere, an ending is finished by the next process", async () => {
  for (let requests = 0;; requests++) {
    const world = await createWorld({ publicIPType: "Static" });
    const id = await rentAndBoot(world);
    const killed = await killAfter(
      world,
      requests,
      (signal) => world.provider.terminate(id, signal),
    );
    const successor = world.restart();
    // Killed early, the machine is still there; killed late, it may be gone before anybody looks.
    if (requests % 2 === 1) await world.end();
    await drive(world, successor.terminate(id, never));
    await world.clock.advance(60 * 60_000);
    await drive(world, successor.removeLeftovers(() => false, never));
    const what = `killed after ${requests} requests`;
    assert.deepEqual(world.machines().map(({ state }) => state), ["ended"], what);
    assert.deepEqual(billedAddresses(world), [], what);
    assert.deepEqual(scriptNames(world), [], what);
    if (!killed) break;
    assert.ok(requests < 12, "never done");
  }
});
