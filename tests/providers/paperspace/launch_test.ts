import assert from "node:assert/strict";
import { drive } from "../provider_world.ts";
import type { LaunchOutcome, LaunchRequest } from "../../../providers/contract.ts";
import { paperspaceFaults } from "../../../sim/clouds/paperspace/faults.ts";
import { canaryUserData } from "./paperspace_world.ts";
import {
  createWorld,
  killAfter,
  launch,
  name,
  never,
  rent,
  requestsSince,
  scriptNames,
} from "./steps.ts";

Deno.test("an order looks at templates and stock, stores its script, and orders once", async () => {
  const world = await createWorld();
  const id = await rent(world);
  assert.deepEqual(requestsSince(world, 0), [
    "GET /os-templates",
    "GET /machine-availability",
    "POST /startup-scripts",
    "POST /machines",
  ]);
  const [machine] = world.cloud.machines();
  assert.deepEqual(
    [machine?.id, machine?.type.label, machine?.region, machine?.diskSizeGb],
    [id, "A4000", "ny2", 100],
  );
  assert.deepEqual(
    [machine?.publicIpType, machine?.emailsPassword, machine?.script],
    ["dynamic", false, canaryUserData],
  );
  const [script] = world.cloud.startupScripts();
  assert.deepEqual(
    [script?.name, script?.isRunOnce, script?.assignedMachineIds],
    [name, true, [id]],
  );
});

Deno.test("templates are looked at every ten minutes only, stock with every order", async () => {
  const world = await createWorld();
  await rent(world);
  const before = world.requests().length;
  await rent(world, { name: `${name}b` });
  assert.deepEqual(requestsSince(world, before), [
    "GET /machine-availability",
    "POST /startup-scripts",
    "POST /machines",
  ]);
  await world.clock.advance(10 * 60_000);
  const later = world.requests().length;
  await rent(world, { name: `${name}c` });
  assert.equal(requestsSince(world, later)[0], "GET /os-templates");
});

Deno.test("the label of a machine type is put into the query as one value", async () => {
  const world = await createWorld({}, { stock: { "GPU+": { ny2: 1 } } });
  await rent(world, { instanceType: "GPU+" });
  assert.equal(world.cloud.machines()[0]?.type.label, "GPU+");
});

Deno.test("no stock in the region: nothing is stored, nothing is ordered", async () => {
  const world = await createWorld();
  const outcome = await launch(world, { instanceType: "A5000", region: "ca1" });
  assert.deepEqual(outcome, {
    kind: "outOfCapacity",
    message: 'Not ordered: Paperspace has no "A5000" in ca1 now',
  });
  assert.deepEqual(requestsSince(world, 0), ["GET /os-templates", "GET /machine-availability"]);
  assert.deepEqual(world.cloud.startupScripts(), []);
});

Deno.test("options are obeyed: template, network, address, disk", async () => {
  const customTemplates = [{
    id: "tcustom1",
    name: "ours",
    agentType: "LinuxHeadless" as const,
    operatingSystemLabel: "Ubuntu 24.04",
    defaultSizeGb: 250,
    minDiskGb: 250,
    machineTypes: ["A4000"],
    createdAt: "2025-01-01T00:00:00.000Z",
    region: "ny2" as const,
    parentMachineId: "ps0",
  }];
  const world = await createWorld(
    { templateID: "tcustom1", publicIPType: "Static", diskSizeGb: 50 },
    { customTemplates },
  );
  await rent(world);
  const [machine] = world.cloud.machines();
  assert.deepEqual([machine?.diskSizeGb, machine?.publicIpType], [250, "static"]);
  const elsewhere = await launch(world, { region: "ams1", name: `${name}b` });
  assert.deepEqual(elsewhere, {
    kind: "rejected",
    message: "Not ordered: the account's template or network is in ny2, not in ams1",
  });
});

Deno.test("a network or template that the team does not have is said, with the field", async () => {
  for (
    const [options, expected] of [
      [
        { networkID: "n000000" },
        /network "n000000" is no private network .* paperspace\.networkID/,
      ],
      [{ templateID: "t0" }, /template "t0" is neither .*: change paperspace\.templateID/],
    ] as const
  ) {
    const world = await createWorld(options);
    const outcome = await launch(world);
    assert.equal(outcome.kind, "rejected");
    assert.match("message" in outcome ? outcome.message : "", expected);
    assert.deepEqual(world.cloud.startupScripts(), []);
  }
});

const refusals: readonly (readonly [keyof typeof paperspaceFaults, LaunchOutcome["kind"]])[] = [
  ["outOfCapacity", "outOfCapacity"],
  ["retired", "rejected"],
  ["noPaymentMethod", "billing"],
  ["maxMachines", "quotaExceeded"],
  // Of one type: the team's other types can be had.
  ["approval", "rejected"],
  ["oldIssues", "rejected"],
  ["emptyJsonBody", "rejected"],
];
for (const [fault, kind] of refusals) {
  Deno.test(`an order that is refused (${fault}) is ${kind}, and leaves no script`, async () => {
    const world = await createWorld();
    world.cloud.addFault({ operation: "machines-create", answer: paperspaceFaults[fault] });
    const outcome = await launch(world);
    assert.equal(outcome.kind, kind, JSON.stringify(outcome));
    assert.deepEqual([scriptNames(world), world.machines()], [[], []]);
    assert.equal(world.cloud.startupScripts().length, 1);
  });
}

Deno.test("an order that is unknown keeps its script, whether there is a machine or not", async () => {
  for (const takesEffect of [true, false]) {
    for (const answer of ["html502", "crash", "busy", "empty500", "cut", "nullOk"] as const) {
      const world = await createWorld();
      world.cloud.addFault({
        operation: "machines-create",
        answer: paperspaceFaults[answer],
        takesEffect,
      });
      assert.equal((await launch(world)).kind, "unknown", answer);
      assert.deepEqual(scriptNames(world), [name]);
    }
  }
});

Deno.test("a script that cannot be deleted at once is deleted later, whoever keeps the claim", async () => {
  const world = await createWorld();
  world.cloud.addFault({ operation: "machines-create", answer: paperspaceFaults.maxMachines });
  world.cloud.addFault({ operation: "startupScripts-delete", answer: paperspaceFaults.html502 });
  assert.equal((await launch(world)).kind, "quotaExceeded");
  assert.deepEqual(scriptNames(world), [name]);
  assert.deepEqual(await drive(world, world.provider.removeLeftovers(() => true, never)), []);
  assert.deepEqual(scriptNames(world), []);
});

Deno.test("an order does not wait for the scripts of those before it to be deleted", async () => {
  const world = await createWorld();
  for (
    const [operation, answer] of [
      ["machines-create", paperspaceFaults.maxMachines],
      ["startupScripts-delete", paperspaceFaults.html502],
    ] as const
  ) world.cloud.addFault({ operation, answer, times: 3 });
  for (let order = 1; order <= 3; order++) {
    const before = world.requests().length;
    assert.equal((await launch(world)).kind, "quotaExceeded");
    const deletes = requestsSince(world, before).filter((text) => text.startsWith("DELETE"));
    assert.equal(deletes.length, 1, `order ${order}`);
  }
  await drive(world, world.provider.removeLeftovers(() => true, never));
  assert.deepEqual(scriptNames(world), []);
});

Deno.test("a throttled order says so at once, and its script goes later", async () => {
  const world = await createWorld();
  world.cloud.addFault({
    operation: "machines-create",
    answer: paperspaceFaults.throttledForSeconds,
  });
  const outcome = await launch(world);
  assert.ok(outcome.kind === "rateLimited" && outcome.retryAfterMs === 7_000);
  assert.deepEqual(scriptNames(world), [name]);
  await drive(world, world.provider.removeLeftovers(() => true, never));
  assert.deepEqual(scriptNames(world), []);
});

Deno.test("a script that cannot be stored: nothing is ordered", async () => {
  const cases = [
    ["html502", "notSent"],
    ["cut", "notSent"],
    ["throttled", "rateLimited"],
    ["oldIssues", "rejected"],
  ] as const;
  for (const [fault, kind] of cases) {
    const world = await createWorld();
    world.cloud.addFault({ operation: "startupScripts-create", answer: paperspaceFaults[fault] });
    assert.equal((await launch(world)).kind, kind, fault);
    assert.ok(!requestsSince(world, 0).includes("POST /machines"));
    // A second one would be a second token lying about.
    const stored = requestsSince(world, 0).filter((text) => text === "POST /startup-scripts");
    assert.equal(stored.length, 1);
  }
});

Deno.test("what the vendor quotes of the script is not repeated, nor by what comes after", async () => {
  const world = await createWorld();
  const quoting = {
    kind: "raw",
    status: 503,
    body: JSON.stringify({ message: `Cannot read ${canaryUserData}`, code: "PARSE_ERROR" }),
  } as const;
  world.cloud.addFault({ operation: "startupScripts-create", answer: quoting, times: 5 });
  const other: Partial<LaunchRequest> = { workload: { kind: "machine", userData: "echo other\n" } };
  for (let round = 0; round < 6; round++) {
    const outcome = await launch(world, round === 5 ? other : {});
    const message = "message" in outcome ? outcome.message : "";
    assert.match(message, /^Cannot store the startup script/);
    assert.doesNotMatch(message, /canary|abcdef\.0123/);
  }
});

Deno.test("an open breaker is found before anything is stored", async () => {
  const world = await createWorld();
  world.cloud.addFault({
    operation: "machines-create",
    answer: paperspaceFaults.empty503,
    times: 5,
  });
  for (let round = 0; round < 5; round++) await launch(world);
  const before = world.requests().length;
  const outcome = await launch(world);
  assert.equal(outcome.kind, "notSent");
  assert.match("message" in outcome ? outcome.message : "", /not tried for now/);
  assert.deepEqual(requestsSince(world, before), []);
});

Deno.test("an order whose time passes while it is prepared is not sent, and leaves no script", async () => {
  const world = await createWorld();
  const launchWithin = async (ms: number) => {
    const permit = await drive(world, world.provider.acquireLaunch(never));
    const order = { ...world.order(name), sendBefore: world.clock.now() + ms };
    return await drive(world, world.provider.launch(order, permit, never));
  };
  // Time for templates and stock, not for the script.
  assert.equal((await launchWithin(1_000)).kind, "notSent");
  assert.deepEqual(requestsSince(world, 0), ["GET /os-templates", "GET /machine-availability"]);
  // Time for stock and script, not for the order itself.
  assert.equal((await launchWithin(1_060)).kind, "notSent");
  assert.equal(world.cloud.startupScripts().length, 1);
  assert.ok(!requestsSince(world, 0).includes("POST /machines"));
  assert.deepEqual(scriptNames(world), []);
});

Deno.test("killed anywhere, a launch leaves nothing that is not removed", async () => {
  for (let requests = 0;; requests++) {
    const world = await createWorld();
    const permit = await drive(world, world.provider.acquireLaunch(never));
    const order = { ...world.order(name), sendBefore: world.clock.now() + 60_000 };
    const killed = await killAfter(
      world,
      requests,
      (signal) => world.provider.launch(order, permit, signal),
    );
    const successor = world.restart();
    for (const { id, ownership } of await drive(world, successor.listInstances(never))) {
      assert.deepEqual(ownership, { kind: "ours", claimName: name });
      await drive(world, successor.terminate(id, never));
    }
    await world.clock.advance(60 * 60_000);
    await drive(world, successor.removeLeftovers(() => false, never));
    assert.deepEqual(scriptNames(world), [], `killed after ${requests} requests`);
    assert.ok(world.machines().every(({ state }) => state === "ended"));
    if (!killed) break;
    assert.ok(requests < 10, "never done");
  }
});
