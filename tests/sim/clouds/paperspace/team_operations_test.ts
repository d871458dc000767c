import assert from "node:assert/strict";
import { simMachineTypes } from "../../../../sim/clouds/paperspace/catalog.ts";
import { createPaperspaceBench, usualMachine } from "../../../support/paperspace_bench.ts";

Deno.test("the session names the team and its limit", async () => {
  const { ask } = createPaperspaceBench({ teamId: "tmine", behaviour: { maxMachines: 7 } });
  const { team, user } = (await ask("GET", "/auth/session")).body;
  assert.deepEqual([team.id, team.maxMachines], ["tmine", 7]);
  assert.equal(user.teamMemberships[0].team.id, "tmine");
});

Deno.test("the standing says what is wrong with money, or is not there", async () => {
  const { cloud, ask } = createPaperspaceBench();
  const standing = async (billing: "good" | "noPaymentMethod" | "pastDue" | "locked") => {
    cloud.setBehaviour({ billing });
    const { body } = await ask("GET", "/billing/account-standing");
    return [body.isInGoodStanding, body.hasPaymentMethod, body.isAdminLocked, body.messages.length];
  };
  assert.deepEqual(await standing("good"), [true, true, false, 0]);
  assert.deepEqual(await standing("noPaymentMethod"), [true, false, false, 1]);
  assert.deepEqual(await standing("pastDue"), [false, true, false, 1]);
  assert.deepEqual(await standing("locked"), [false, true, true, 1]);
  cloud.setBehaviour({ standing: "absent" });
  assert.equal((await ask("GET", "/billing/account-standing")).status, 404);
});

Deno.test("availability follows the stock, in words of any region's name", async () => {
  const { cloud, ask } = createPaperspaceBench({ stock: { "GPU+": { ams1: 1 } } });
  const available = async (query: string) => {
    const { status, body } = await ask("GET", `/machine-availability?${query}`);
    return status === 200 ? body.available : status;
  };
  assert.equal(await available("machineType=GPU%2B&region=ams1"), true);
  assert.equal(await available("machineType=GPU%2B&region=Europe%20(AMS1)"), true);
  // What becomes of a label that is not encoded.
  assert.equal(await available("machineType=GPU+&region=ams1"), false);
  assert.equal(await available("machineType=GPU%2B&region=ny2"), false);
  assert.equal(await available("machineType=GPU%2B"), 400);
  assert.equal(await available("region=ny2"), 400);
  assert.equal(await available("machineType=B200&region=ny2"), false);
  cloud.setBehaviour({ unknownType: "refuse" });
  assert.equal(await available("machineType=B200&region=ny2"), 400);
  cloud.setStock("GPU+", "East Coast (NY2)", 1);
  assert.equal(await available("machineType=GPU%2B&region=ny2"), true);
  assert.throws(() => cloud.setStock("B200", "ny2", 1), RangeError);
  assert.throws(() => cloud.setStock("GPU+", "lon1", 1), RangeError);
});

Deno.test("templates say what they are for, and what of it is free somewhere", async () => {
  const { cloud, ask } = createPaperspaceBench({ stock: { A4000: { ams1: 1 } } });
  const templates = async () => (await ask("GET", "/os-templates?limit=120")).body.items;
  const typesOf = async (id: string): Promise<Record<string, boolean>> => {
    const template = (await templates()).find((candidate: { id: string }) => candidate.id === id);
    return Object.fromEntries(
      template.availableMachineTypes.map((
        { machineTypeLabel, isAvailable }: { machineTypeLabel: string; isAvailable: boolean },
      ) => [machineTypeLabel, isAvailable]),
    );
  };
  assert.deepEqual(await typesOf("tilqt47t"), { H100: false });
  assert.deepEqual(Object.keys(await typesOf("t0nspur5")), [...simMachineTypes.keys()]);
  assert.equal((await typesOf("t0nspur5"))["A4000"], true);
  cloud.setBehaviour({ phantomStock: ["H100/ny2"] });
  assert.deepEqual(await typesOf("tilqt47t"), { H100: true });
  const named = (await ask("GET", "/os-templates?name=mliab-u22")).body.items;
  assert.deepEqual(named.map(({ id }: { id: string }) => id), [
    "t7vp562h",
    "tilqt47t",
    "tqqsxr6b",
    "tvimtol9",
  ]);
});

Deno.test("every machine type has a template that can be booted without a screen", async () => {
  const { ask } = createPaperspaceBench();
  const { items } = (await ask("GET", "/os-templates?limit=120")).body;
  for (const label of simMachineTypes.keys()) {
    const fitting = items.filter((
      { agentType, availableMachineTypes }: {
        agentType: string;
        availableMachineTypes: { machineTypeLabel: string }[];
      },
    ) =>
      agentType === "LinuxHeadless" &&
      availableMachineTypes.some(({ machineTypeLabel }) => machineTypeLabel === label)
    );
    assert.ok(fitting.length > 0, label);
  }
});

Deno.test("custom templates are the team's own and bound to a region", async () => {
  const { ask, create, look } = createPaperspaceBench({
    customTemplates: [{
      id: "tmine123",
      name: "my-image",
      agentType: "LinuxHeadless",
      operatingSystemLabel: "Ubuntu 22.04 Server",
      defaultSizeGb: 250,
      minDiskGb: 250,
      machineTypes: ["A4000", "A5000"],
      createdAt: "2026-03-01T10:00:00.000Z",
      region: "ca1",
      parentMachineId: "psparent1234",
    }],
  });
  const { body } = await ask("GET", "/custom-templates/tmine123");
  assert.deepEqual(
    [body.region, body.defaultSizeGb, body.parentMachineId],
    ["West Coast (CA1)", 250, "psparent1234"],
  );
  assert.deepEqual((await ask("GET", "/custom-templates?machineId=psparent1234")).body.items, [
    body,
  ]);
  assert.deepEqual((await ask("GET", "/custom-templates?machineId=psother")).body.items, []);
  assert.equal((await ask("GET", "/custom-templates/t0nspur5")).status, 404);
  const order = { templateId: "tmine123", diskSize: 250 };
  assert.equal((await look(await create({ ...order, region: "ca1" }))).state, "provisioning");
  for (const wrong of [{ region: "ny2" }, { region: "ca1", diskSize: 100 }]) {
    const { status } = await ask("POST", "/machines", { ...usualMachine, ...order, ...wrong });
    assert.equal(status, 400);
  }
});
