import assert from "node:assert/strict";
import { createPaperspaceBench, usualMachine } from "../../../support/paperspace_bench.ts";

const second = 1_000;
const minute = 60 * second;

Deno.test("a machine is provisioned, starts, is ready, is deleted and disappears", async () => {
  const { clock, ask, look, eventsOf } = createPaperspaceBench();
  const created = await ask("POST", "/machines", usualMachine);
  const { event, data } = created.body;
  assert.match(data.id, /^ps[a-z0-9]{10}$/);
  assert.deepEqual([event.name, event.state, event.machineId], ["create", "new", data.id]);
  assert.deepEqual([data.state, data.publicIp, data.privateIp], ["provisioning", null, null]);

  const seen: [number, string, string | null][] = [];
  for (let passed = 0; passed <= 65; passed += 5) {
    const { state, publicIp } = await look(data.id);
    if (seen.at(-1)?.[1] !== state) seen.push([passed, state, publicIp]);
    await clock.advance(5 * second);
  }
  assert.deepEqual(seen, [
    [0, "provisioning", null],
    [35, "off", null],
    [40, "starting", null],
    [60, "serviceready", null],
    [65, "ready", "203.0.113.1"],
  ]);
  assert.deepEqual(await eventsOf(data.id), ["create done", "start done"]);

  const deleted = await ask("DELETE", `/machines/${data.id}`);
  assert.deepEqual([deleted.body.event.name, deleted.body.data.state], ["deactivate", "stopping"]);
  await clock.advance(19 * second);
  assert.equal((await ask("GET", `/machines/${data.id}`)).status, 200);
  assert.equal((await ask("GET", "/machines")).body.items.length, 1);
  await clock.advance(second);
  const gone = await ask("GET", `/machines/${data.id}`);
  assert.deepEqual([gone.status, gone.body.code], [404, "NOT_FOUND"]);
  assert.deepEqual((await ask("GET", "/machines")).body, { hasMore: false, items: [] });
  assert.deepEqual((await eventsOf(data.id)).at(-1), "deactivate done");
});

Deno.test("answers look as clients met them, not as they are documented", async () => {
  const { create, look } = createPaperspaceBench();
  const gpu = await look(await create());
  assert.equal(gpu.region, "East Coast (NY2)");
  assert.deepEqual(
    [gpu.ram, gpu.storageTotal, gpu.usageRate, gpu.storageRate],
    ["48318382080", "107374182400", 0.76, 0.0104],
  );
  assert.deepEqual(gpu.accelerators, [
    { name: "Ampere A4000", memory: 17179869184, count: 1 },
  ]);
  assert.equal((await look(await create({ machineType: "C4" }))).accelerators, null);
});

Deno.test("what answers look like can be switched", async () => {
  const { cloud, create, look } = createPaperspaceBench();
  const gpu = await create();
  const cpu = await create({ machineType: "C4" });
  cloud.setBehaviour({
    byteCounts: "number",
    acceleratorMemory: "text",
    noAccelerators: "missing",
  });
  const { ram, accelerators } = await look(gpu);
  assert.deepEqual([ram, accelerators[0].memory], [48318382080, "17179869184"]);
  assert.equal("accelerators" in await look(cpu), false);
  cloud.setBehaviour({ acceleratorMemory: "null", noAccelerators: "empty" });
  assert.equal((await look(gpu)).accelerators[0].memory, null);
  assert.deepEqual((await look(cpu)).accelerators, []);
});

Deno.test("states and fields that no document knows can be had", async () => {
  const { cloud, ask } = createPaperspaceBench();
  await ask("POST", "/machines", usualMachine);
  cloud.setBehaviour({ inventedState: "hibernating", unknownFields: true });
  // Straight at the handler: the documents must not agree.
  const response = await cloud.handler(
    new Request("http://127.0.0.1/v1/machines", {
      headers: { authorization: "Bearer simulated-paperspace-key" },
    }),
    { peer: {} },
  );
  assert.ok(response instanceof Response);
  const { items, invented } = await response.json();
  assert.equal(items[0].state, "hibernating");
  assert.deepEqual([invented, items[0].invented], [{ by: ["nobody"] }, { by: ["nobody"] }]);
});

Deno.test("run() tells when machines start and stop, and what is inside", async () => {
  const { clock, cloud, ask, create } = createPaperspaceBench();
  const { body: script } = await ask("POST", "/startup-scripts", {
    name: "boot",
    script: "#!/bin/bash\n",
    isRunOnce: true,
  });
  const stop = new AbortController();
  const startedAt = clock.now();
  const seen: [number, (string | undefined)[]][] = [];
  const unsubscribe = cloud.onPowerChange(() =>
    seen.push([
      (clock.now() - startedAt) / second,
      cloud.poweredMachines().map(({ userData }) => userData),
    ])
  );
  const running = cloud.run(stop.signal);
  await clock.settle();
  const id = await create({ startupScriptId: script.id });
  await clock.advance(2 * minute);
  const [powered] = cloud.poweredMachines();
  assert.deepEqual(powered, {
    id,
    userData: "#!/bin/bash\n",
    userDataReader: "shell",
    privateAddress: "10.64.0.1",
    publicAddress: "203.0.113.1",
    gpuCount: 1,
    cpuCount: 8,
    memoryGiB: 45,
    storageGiB: 100,
    arch: "amd64",
  });
  // Handed out once: after a restart there is nothing.
  await ask("PATCH", `/machines/${id}/restart`);
  await clock.advance(2 * minute);
  await ask("DELETE", `/machines/${id}`);
  await clock.advance(minute);
  unsubscribe();
  stop.abort();
  await running;
  assert.equal(clock.sleeping, 0);
  assert.deepEqual(seen, [
    [60, ["#!/bin/bash\n"]],
    [125, []],
    [170, [undefined]],
    [240, []],
  ]);
});

Deno.test("machines can go off by themselves, or be deleted elsewhere", async () => {
  const { clock, cloud, ask, create, look, eventsOf } = createPaperspaceBench();
  const [off, gone] = [await create(), await create()];
  await clock.advance(2 * minute);
  cloud.switchOff(off);
  cloud.vanish(gone);
  const machine = await look(off);
  assert.deepEqual([machine.state, machine.publicIp], ["off", null]);
  assert.deepEqual(await eventsOf(off), ["create done", "start done", "stop done"]);
  assert.equal((await ask("GET", `/machines/${gone}`)).status, 404);
  assert.deepEqual(cloud.poweredMachines(), []);
  assert.throws(() => cloud.vanish(gone), /not found/i);
});

Deno.test("latency passes on the cloud's clock", async () => {
  const { clock, ask } = createPaperspaceBench({ behaviour: { latencyMs: 250 } });
  let done = false;
  const asking = ask("GET", "/machines").then(() => done = true);
  await clock.advance(249);
  assert.equal(done, false);
  await clock.advance(1);
  await asking;
});
