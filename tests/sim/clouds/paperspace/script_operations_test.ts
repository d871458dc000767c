import assert from "node:assert/strict";
import { createPaperspaceBench, type PaperspaceBench } from "../../../support/paperspace_bench.ts";

const minute = 60_000;
const order = {
  name: "tgp-abc123-train-q7x2k9",
  script: "#!/bin/bash\nsecret=1\n",
  isRunOnce: true,
};

async function createScript({ ask }: PaperspaceBench, change = {}): Promise<string> {
  const { status, body } = await ask("POST", "/startup-scripts", { ...order, ...change });
  assert.equal(status, 200);
  return body.id;
}

Deno.test("a script is stored, found, changed and deleted, and its text never shown", async () => {
  const bench = createPaperspaceBench();
  const { cloud, ask } = bench;
  const id = await createScript(bench);
  const { body } = await ask("GET", `/startup-scripts/${id}`);
  assert.deepEqual(
    [body.id, body.isEnabled, body.isRunOnce, body.assignedMachineIds],
    [id, true, true, []],
  );
  const changed = await ask("PUT", `/startup-scripts/${id}`, { name: "renamed", isEnabled: false });
  assert.deepEqual([changed.body.name, changed.body.isEnabled], ["renamed", false]);
  const list = await ask("GET", "/startup-scripts?name=name");
  assert.deepEqual(list.body.items, [changed.body]);
  assert.doesNotMatch(JSON.stringify([body, changed.body, list.body]), /secret/);
  assert.equal(cloud.startupScripts()[0]?.text, order.script);

  const deleted = await ask("DELETE", `/startup-scripts/${id}`);
  assert.notEqual(deleted.body.dtDeleted, null);
  assert.equal((await ask("GET", `/startup-scripts/${id}`)).status, 404);
  assert.equal((await ask("DELETE", `/startup-scripts/${id}`)).status, 404);
  assert.deepEqual((await ask("GET", "/startup-scripts")).body.items, []);
});

Deno.test("a script without text, or larger than may be, is refused", async () => {
  const { ask } = createPaperspaceBench();
  const statusOf = async (script: unknown) =>
    (await ask("POST", "/startup-scripts", { ...order, script })).status;
  assert.equal(await statusOf(undefined), 400);
  assert.equal(await statusOf("é".repeat(8 * 1024)), 200);
  assert.equal(await statusOf("é".repeat(8 * 1024) + "x"), 400);
});

Deno.test("a script cannot be deleted until its machine is gone or gives it up", async () => {
  const bench = createPaperspaceBench();
  const { clock, cloud, ask, create } = bench;
  const remove = async (id: string) => (await ask("DELETE", `/startup-scripts/${id}`)).status;
  const [first, second, third] = [
    await createScript(bench),
    await createScript(bench),
    await createScript(bench),
  ];
  const machine = await create({ startupScriptId: first });
  const assigned = (await ask("GET", `/startup-scripts/${first}`)).body.assignedMachineIds;
  assert.deepEqual(assigned, [machine]);
  assert.equal(await remove(first), 409);
  const unassign = { machineId: machine };
  const { body } = await ask("POST", `/startup-scripts/${first}/unassign`, unassign);
  assert.deepEqual(body.assignedMachineIds, []);
  assert.equal(await remove(first), 200);

  const doomed = await create({ startupScriptId: second });
  await ask("DELETE", `/machines/${doomed}`);
  assert.equal(await remove(second), 409);
  await clock.advance(20_000);
  assert.equal(await remove(second), 200);

  cloud.setBehaviour({ deleteAssignedScript: "allow" });
  await create({ startupScriptId: third });
  assert.equal(await remove(third), 200);
  assert.equal((await ask("POST", `/startup-scripts/${third}/assign`, unassign)).status, 404);
  assert.equal(
    (await ask("POST", `/startup-scripts/${await createScript(bench)}/assign`, {
      machineId: "psunknown",
    })).status,
    404,
  );
});

Deno.test("what a machine runs at boot is what it has then: once, or each time, or nothing", async () => {
  const bench = createPaperspaceBench();
  const { clock, cloud, ask, create } = bench;
  const once = await createScript(bench, { script: "once" });
  const always = await createScript(bench, { script: "always", isRunOnce: false });
  const disabled = await createScript(bench, { script: "disabled" });
  await ask("PUT", `/startup-scripts/${disabled}`, { isEnabled: false });
  const ids = [
    await create({ startupScriptId: once }),
    await create({ startupScriptId: always }),
    await create({ startupScriptId: disabled }),
    await create(),
  ];
  const late = await create({ startOnCreate: false });
  const served = () =>
    cloud.machines().map(({ id, servedScript }) => [ids.indexOf(id), servedScript]);
  assert.deepEqual(served().map(([, text]) => text), Array(5).fill(undefined));
  await clock.advance(2 * minute);
  assert.deepEqual(served(), [
    [0, "once"],
    [1, "always"],
    [2, undefined],
    [3, undefined],
    [-1, undefined],
  ]);
  // What runs already is not taken back.
  await ask("POST", `/startup-scripts/${once}/unassign`, { machineId: ids[0] });
  assert.equal(cloud.machines()[0]?.servedScript, "once");
  await ask("POST", `/startup-scripts/${once}/assign`, { machineId: late });
  await ask("PATCH", `/machines/${late}/start`);
  await ask("PATCH", `/machines/${ids[1]}/restart`);
  await clock.advance(2 * minute);
  assert.deepEqual(served().slice(1).map(([, text]) => text), [
    "always",
    undefined,
    undefined,
    "once",
  ]);
});
