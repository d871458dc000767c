import assert from "node:assert/strict";
import { simTexts } from "../../../../sim/clouds/paperspace/errors.ts";
import { createPaperspaceBench, usualMachine } from "../../../support/paperspace_bench.ts";

const second = 1_000;
const minute = 60 * second;

const invalid: Readonly<Record<string, readonly [number, object]>> = {
  "no name": [400, { name: undefined }],
  "an empty name": [400, { name: "" }],
  "no template": [400, { templateId: undefined }],
  "a disk size as text": [400, { diskSize: "100" }],
  "a disk size that is not sold": [400, { diskSize: 120 }],
  "a disk too small for its template": [400, {
    machineType: "H100",
    templateId: "tilqt47t",
    diskSize: 50,
  }],
  "an unknown region": [400, { region: "lon1" }],
  "an unknown type": [400, { machineType: "B200" }],
  "a type in other letters": [400, { machineType: "a4000" }],
  "a type that the template is not for": [400, { templateId: "tqqsxr6b" }],
  "a type that is not sold in the region": [400, { machineType: "H100", region: "ca1" }],
  "NVLink where there is none": [400, { enableNvlink: true }],
  "another kind of address": [400, { publicIpType: "elastic" }],
  "a shutdown without a time": [400, { autoShutdownEnabled: true }],
  "a shutdown after two weeks": [400, { autoShutdownEnabled: true, autoShutdownTimeout: 336 }],
  "snapshots without a frequency": [400, { autoSnapshotEnabled: true }],
  "an unknown template": [404, { templateId: "tnothing" }],
  "a retired template": [404, { machineType: "P4000", templateId: "tk9izniv" }],
  "an unknown script": [404, { startupScriptId: "scnothing" }],
  "an unknown network": [404, { networkId: "nnothing" }],
};

for (const [what, [status, change]] of Object.entries(invalid)) {
  Deno.test(`a create with ${what} is ${status}, and nothing is rented`, async () => {
    const { cloud, ask } = createPaperspaceBench();
    const answer = await ask("POST", "/machines", { ...usualMachine, ...change });
    assert.deepEqual(
      [answer.status, answer.body.code],
      [status, status === 400 ? "BAD_REQUEST" : "NOT_FOUND"],
    );
    assert.deepEqual(cloud.machines(), []);
  });
}

Deno.test("schema failures say where; unknown fields, long regions and equal names are taken", async () => {
  const { cloud, ask, create, look } = createPaperspaceBench();
  const refused = await ask("POST", "/machines", { ...usualMachine, templateId: 7 });
  assert.deepEqual(refused.body.details.issues[0].path, ["templateId"]);
  await create({ gpu: "A4000" });
  for (const region of ["NY2", "East Coast (NY2)"]) {
    assert.equal((await look(await create({ region }))).region, "East Coast (NY2)");
  }
  assert.deepEqual(new Set(cloud.machines().map(({ name }) => name)), new Set([usualMachine.name]));
});

Deno.test("without capacity a machine is created, does not start, and its start event says so", async () => {
  const { clock, ask, create, look } = createPaperspaceBench({ stock: { A4000: { ny2: 1 } } });
  const available = async () =>
    (await ask("GET", "/machine-availability?machineType=A4000&region=ny2")).body.available;
  assert.equal(await available(), true);
  const first = await create();
  assert.equal(await available(), false);
  const second = await create();
  await clock.advance(2 * minute);
  assert.equal((await look(first)).state, "ready");
  assert.equal((await look(second)).state, "off");
  const { items } = (await ask("GET", `/machine-events?machineId=${second}`)).body;
  const [start, created] = items;
  assert.deepEqual([created.name, created.state], ["create", "done"]);
  assert.deepEqual([start.name, start.state], ["start", "error"]);
  assert.match(start.error, /insufficient capacity/);
  assert.notEqual(start.dtFinished, null);
  assert.deepEqual((await ask("GET", `/machine-events/${start.id}`)).body, start);

  await ask("DELETE", `/machines/${first}`);
  await clock.advance(19_000);
  assert.equal(await available(), false);
  await clock.advance(1_000);
  assert.equal(await available(), true);
  assert.equal((await ask("PATCH", `/machines/${second}/start`)).status, 200);
  await clock.advance(minute);
  assert.equal((await look(second)).state, "ready");
});

Deno.test("what is said to be available may not start, and events in error may say nothing", async () => {
  const { clock, cloud, ask, create, look } = createPaperspaceBench({
    behaviour: { phantomStock: ["A4000/ny2"], capacityText: null },
    stock: {},
  });
  const path = "/machine-availability?machineType=A4000&region=ny2";
  assert.equal((await ask("GET", path)).body.available, true);
  const id = await create();
  await clock.advance(2 * minute);
  assert.equal((await look(id)).state, "off");
  const [start] = (await ask("GET", `/machine-events?machineId=${id}`)).body.items;
  assert.deepEqual([start.state, start.error, start.dtFinished], ["error", null, null]);
  cloud.setBehaviour({ phantomStock: [] });
  assert.equal((await ask("GET", path)).body.available, false);
});

const boots = [
  ["stuckProvisioning", "provisioning", ["create in progress"]],
  ["stuckStarting", "starting", ["create done", "start in progress"]],
  ["stuckServiceReady", "serviceready", ["create done", "start in progress"]],
  ["createError", "off", ["create error"]],
  ["startError", "off", ["create done", "start error"]],
] as const;
for (const [boot, state, events] of boots) {
  Deno.test(`a boot can end as ${boot}, and the machine can be deleted`, async () => {
    const { clock, ask, create, look, eventsOf } = createPaperspaceBench({ behaviour: { boot } });
    const id = await create();
    await clock.advance(60 * minute);
    const machine = await look(id);
    assert.equal(machine.state, state);
    assert.deepEqual(await eventsOf(id), events);
    assert.equal((await ask("DELETE", `/machines/${id}`)).status, 200);
    await clock.advance(20 * second);
    assert.equal((await ask("GET", `/machines/${id}`)).status, 404);
    const broken = events.map((event) => event.replace("in progress", "cancelled"));
    assert.deepEqual(await eventsOf(id), [...broken, "deactivate done"]);
  });
}

Deno.test("events that fail for another reason than capacity have words of their own, or none", async () => {
  const { clock, cloud, ask, create } = createPaperspaceBench();
  for (const boot of ["createError", "startError"] as const) {
    for (const failureText of [null, simTexts.retired]) {
      cloud.setBehaviour({ boot, failureText });
      const id = await create();
      await clock.advance(2 * minute);
      const [event] = (await ask("GET", `/machine-events?machineId=${id}`)).body.items;
      assert.deepEqual(
        [event.state, event.error, event.dtFinished === null],
        ["error", failureText, failureText === null],
      );
    }
  }
});

Deno.test("a start event may be in error though the machine is ready", async () => {
  const { clock, create, look, eventsOf } = createPaperspaceBench({
    behaviour: { harmlessErrors: true },
  });
  const id = await create();
  await clock.advance(2 * minute);
  assert.equal((await look(id)).state, "ready");
  assert.deepEqual(await eventsOf(id), ["create done", "start error"]);
});

Deno.test("without startOnCreate a machine stays off until it is started", async () => {
  const { clock, ask, create, look, eventsOf } = createPaperspaceBench();
  const id = await create({ startOnCreate: false });
  await clock.advance(10 * minute);
  assert.equal((await look(id)).state, "off");
  assert.deepEqual(await eventsOf(id), ["create done"]);
  const started = await ask("PATCH", `/machines/${id}/start`);
  assert.deepEqual([started.body.event.name, started.body.data.state], ["start", "off"]);
  await clock.advance(30 * second);
  assert.equal((await look(id)).state, "ready");
});

Deno.test("stop and restart take their time, and a dynamic address is new after each", async () => {
  const { clock, ask, create, look } = createPaperspaceBench();
  const id = await create();
  await clock.advance(2 * minute);
  const seen = async () => {
    const { state, publicIp } = await look(id);
    return [state, publicIp];
  };
  assert.deepEqual(await seen(), ["ready", "203.0.113.1"]);
  await ask("PATCH", `/machines/${id}/restart`);
  await clock.advance(4 * second);
  assert.deepEqual(await seen(), ["ready", "203.0.113.1"]);
  await clock.advance(second);
  assert.deepEqual(await seen(), ["restarting", null]);
  await clock.advance(45 * second);
  assert.deepEqual(await seen(), ["ready", "203.0.113.2"]);
  await ask("PATCH", `/machines/${id}/stop`);
  await clock.advance(5 * second);
  assert.deepEqual(await seen(), ["stopping", "203.0.113.2"]);
  await clock.advance(minute);
  assert.deepEqual(await seen(), ["off", null]);
  assert.equal((await ask("PATCH", `/machines/${id}/restart`)).status, 400);
  await ask("PATCH", `/machines/${id}/start`);
  await clock.advance(minute);
  assert.deepEqual(await seen(), ["ready", "203.0.113.3"]);
});

Deno.test("an action while something is under way is refused by text; one without effect is not", async () => {
  const { clock, cloud, ask, create, eventsOf } = createPaperspaceBench();
  const id = await create();
  const act = async (action: string) => {
    const { status, body } = await ask("PATCH", `/machines/${id}/${action}`);
    return [status, body.message];
  };
  assert.deepEqual(await act("stop"), [409, "This machine is currently provisioning."]);
  await clock.advance(40 * second);
  assert.deepEqual(await act("start"), [409, "This machine is currently starting."]);
  cloud.setBehaviour({ busyStatus: 400 });
  assert.deepEqual(await act("restart"), [400, "This machine is currently starting."]);
  await clock.advance(minute);
  assert.deepEqual(await act("start"), [200, undefined]);
  assert.deepEqual((await eventsOf(id)).at(-1), "start done");
  await act("stop");
  await clock.advance(2 * minute);
  assert.deepEqual(await act("stop"), [200, undefined]);
  await ask("DELETE", `/machines/${id}`);
  assert.deepEqual(await act("start"), [400, "This machine is currently stopping."]);
});

Deno.test("auto-shutdown turns a busy machine off, and bills on", async () => {
  const { clock, create, look, eventsOf } = createPaperspaceBench();
  const id = await create({ autoShutdownEnabled: true, autoShutdownTimeout: 8 });
  await clock.advance(8 * 60 * minute);
  assert.equal((await look(id)).state, "ready");
  await clock.advance(3 * minute);
  assert.equal((await look(id)).state, "off");
  assert.deepEqual(await eventsOf(id), ["create done", "start done", "stop done"]);
});

Deno.test("an update changes settings at once and hardware only of machines that are off", async () => {
  const { clock, ask, create, look } = createPaperspaceBench();
  const id = await create();
  await clock.advance(2 * minute);
  const update = (change: object) => ask("PUT", `/machines/${id}`, { id, ...change });
  const renamed = await update({ name: "renamed" });
  assert.equal("event" in renamed.body, false);
  assert.equal(renamed.body.data.name, "renamed");
  assert.equal((await update({ machineType: "A5000" })).status, 400);
  assert.equal((await update({ networkId: (await look(id)).networkId })).status, 404);
  await update({ autoShutdownEnabled: true, autoShutdownTimeout: 1 });
  await update({ autoShutdownEnabled: false });
  await clock.advance(2 * 60 * minute);
  assert.equal((await look(id)).state, "ready");

  await ask("PATCH", `/machines/${id}/stop`);
  await clock.advance(2 * minute);
  assert.equal((await update({ machineType: "C4" })).status, 400);
  assert.equal((await update({ diskSize: 50 })).status, 400);
  const upgraded = await update({ machineType: "A5000", diskSize: 250 });
  assert.equal(upgraded.body.event.name, "vm-upgrade");
  await clock.advance(5 * second);
  assert.equal((await look(id)).state, "upgrading");
  await clock.advance(minute);
  const { state, machineType, usageRate, storageTotal } = await look(id);
  assert.deepEqual(
    [state, machineType, usageRate, storageTotal],
    ["off", "A5000", 1.38, String(250 * 2 ** 30)],
  );
});

Deno.test("a deletion can be refused while booting, get stuck, fail, and be repeated", async () => {
  const { clock, cloud, ask, create, look, eventsOf } = createPaperspaceBench();
  const remove = async (id: string) => (await ask("DELETE", `/machines/${id}`)).status;
  cloud.setBehaviour({ deleteWhileBooting: "refuse" });
  const id = await create();
  assert.equal(await remove(id), 409);
  await clock.advance(2 * minute);

  cloud.setBehaviour({ deletion: "error" });
  assert.equal(await remove(id), 200);
  await clock.advance(minute);
  assert.equal((await look(id)).state, "ready");
  assert.equal((await eventsOf(id)).at(-1), "deactivate error");

  cloud.setBehaviour({ deletion: "stuck", stateWhileDeleting: null });
  const stuck = await create({ startOnCreate: false });
  await clock.advance(2 * minute);
  assert.equal(await remove(stuck), 200);
  await clock.advance(60 * minute);
  assert.equal((await look(stuck)).state, "off");
  assert.equal((await eventsOf(stuck)).at(-1), "deactivate in progress");

  cloud.setBehaviour({ deletion: "normal", showsDeletion: true, listsDeleting: false });
  assert.equal(await remove(id), 200);
  assert.notEqual((await look(id)).dtDeleted, null);
  assert.deepEqual((await ask("GET", "/machines")).body.items, []);
  assert.equal(await remove(id), 409);
  cloud.setBehaviour({ repeatedDelete: "accept" });
  const again = await ask("DELETE", `/machines/${id}`);
  assert.deepEqual([again.status, again.body.event.name], [200, "deactivate"]);
  cloud.setBehaviour({ repeatedDelete: "notFound" });
  assert.equal(await remove(id), 404);
  await clock.advance(20 * second);
  assert.equal(await remove(id), 404);
  assert.equal(await remove("psunknown"), 404);
});

Deno.test("the list can lag behind creates; looking up by id does not", async () => {
  const { clock, ask, create, look } = createPaperspaceBench({ behaviour: { listLagMs: 90_000 } });
  const id = await create();
  assert.deepEqual((await ask("GET", "/machines")).body.items, []);
  assert.equal((await look(id)).id, id);
  await clock.advance(90_000);
  assert.equal((await ask("GET", "/machines")).body.items.length, 1);
});

Deno.test("the list is filtered by region, type, agent and part of a name", async () => {
  const { cloud, ask, create } = createPaperspaceBench();
  await create({ name: "tgp-abc-1" });
  await create({ name: "tgp-abc-10", region: "ams1" });
  await create({ name: "other", machineType: "P4000" });
  const names = async (query: string) =>
    (await ask("GET", `/machines?order=asc&${query}`)).body.items
      .map(({ name }: { name: string }) => name);
  assert.deepEqual(await names("name=tgp-abc-1"), ["tgp-abc-1", "tgp-abc-10"]);
  assert.deepEqual(await names("region=ams1"), ["tgp-abc-10"]);
  assert.deepEqual(await names("region=Europe%20(AMS1)"), ["tgp-abc-10"]);
  assert.deepEqual(await names("machineType=P4000"), ["other"]);
  assert.deepEqual(await names("agentType=WindowsDesktop"), []);
  cloud.setBehaviour({ nameFilter: "exact" });
  assert.deepEqual(await names("name=tgp-abc-1"), ["tgp-abc-1"]);
  cloud.setBehaviour({ nameFilter: "ignored" });
  assert.equal((await names("name=tgp-abc-1")).length, 3);
});

Deno.test("the team's limit, standing and approvals refuse creates by text", async () => {
  const { cloud, ask, create, clock } = createPaperspaceBench();
  const refusal = async (change = {}) => {
    const { status, body } = await ask("POST", "/machines", { ...usualMachine, ...change });
    return [status, body.message];
  };
  cloud.setBehaviour({ maxMachines: 1 });
  const id = await create();
  assert.deepEqual(await refusal(), [400, simTexts.maxMachines]);
  await ask("DELETE", `/machines/${id}`);
  await create();
  cloud.setBehaviour({ maxMachines: 10, unapprovedTypes: ["H100"] });
  assert.deepEqual(
    await refusal({ machineType: "H100" }),
    [403, "Machine type H100 requires approval for this team."],
  );
  for (const billing of ["noPaymentMethod", "pastDue", "locked"] as const) {
    cloud.setBehaviour({ billing });
    assert.deepEqual(await refusal(), [400, simTexts[billing]]);
  }
  await clock.advance(2 * minute);
  const [machine] = (await ask("GET", "/machines")).body.items;
  assert.equal((await ask("PATCH", `/machines/${machine.id}/start`)).status, 400);
  assert.equal((await ask("DELETE", `/machines/${machine.id}`)).status, 200);
});

Deno.test("a password is mailed unless that is turned off", async () => {
  const { cloud, create } = createPaperspaceBench();
  await create();
  await create({ emailPassword: undefined });
  assert.deepEqual(cloud.machines().map(({ emailsPassword }) => emailsPassword), [false, true]);
});
