import assert from "node:assert/strict";
import { drive } from "../provider_world.ts";
import type { Offer, OfferScope } from "../../../providers/contract.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { simMachineTypes } from "../../../sim/clouds/paperspace/catalog.ts";
import { paperspaceFaults } from "../../../sim/clouds/paperspace/faults.ts";
import type { PaperspaceWorld } from "./paperspace_world.ts";
import { createWorld, never, rent, requestsSince } from "./steps.ts";

const list = (world: PaperspaceWorld, scope: OfferScope = {}) =>
  drive(world, world.provider.listOffers(scope, never));

const types = (offers: readonly Offer[]) =>
  [...new Set(offers.map(({ instanceType }) => instanceType))].sort();

Deno.test("offers are what the cloud sells, in its regions, at its rates", async () => {
  const world = await createWorld();
  const offers = await list(world);
  assert.deepEqual(types(offers), [...simMachineTypes.keys()].filter((t) => t !== "C2").sort());
  for (const { instanceType, location, price, capacity } of offers) {
    const sim = simMachineTypes.get(instanceType);
    assert.ok(sim, instanceType);
    assert.ok(sim.regions.some((region) => region === location.region));
    assert.equal(price.perHour, Math.round((sim.usageRate + 0.0104) * 1_000_000));
    assert.equal(capacity["cpu"], sim.cpus * 1000);
  }
});

Deno.test("what is bought costs what was offered, by the machine's own rates", async () => {
  for (const publicIPType of ["Dynamic", "Static"] as const) {
    const world = await createWorld({ publicIPType, diskSizeGb: 200 });
    const [offer] = (await list(world)).filter(({ instanceType }) => instanceType === "A4000");
    await rent(world);
    const [instance] = await drive(world, world.provider.listInstances(never));
    assert.equal(instance?.pricePerHour, offer?.price.perHour);
  }
});

Deno.test("a rate that differs from the table shows on the machine", async () => {
  const world = await createWorld();
  world.cloud.setPrice("A4000", 0.5);
  await rent(world);
  const [instance] = await drive(world, world.provider.listInstances(never));
  assert.equal(instance?.pricePerHour, parseUsd("0.5104"));
});

Deno.test("a refresh is one list, however many types there are", async () => {
  const world = await createWorld();
  await list(world);
  assert.deepEqual(requestsSince(world, 0), ["GET /os-templates"]);
});

Deno.test("a type without a price is logged once", async () => {
  const world = await createWorld();
  await list(world);
  await list(world);
  const lines = world.recorder.lines.filter((line) => line.includes("no price in our table"));
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /"instanceType":"C2"/);
});

Deno.test("a template that cannot be read does not hide the others; none at all is an error", async () => {
  const world = await createWorld();
  const good = {
    id: "t0nspur5",
    name: "prod-u22-cpu-241018",
    agentType: "LinuxHeadless",
    operatingSystemLabel: "Ubuntu 22.04 Server",
    defaultSizeGb: null,
    availableMachineTypes: [{ machineTypeLabel: "A4000", isAvailable: true }],
    dtCreated: "2022-05-24T18:20:11.000Z",
  };
  const answer = (items: unknown[]) =>
    world.cloud.addFault({
      operation: "osTemplates-list",
      answer: { kind: "raw", status: 200, body: JSON.stringify({ hasMore: false, items }) },
    });
  answer([{ ...good, id: "odd", availableMachineTypes: "all" }, good]);
  assert.deepEqual(types(await list(world)), ["A4000"]);
  assert.match(world.recorder.text, /Template left out: not as documented/);
  answer([{ ...good, availableMachineTypes: "all" }]);
  await assert.rejects(list(world), {
    kind: "unknown",
    message: /none of 1 templates can be read/,
  });
  answer([]);
  assert.deepEqual(await list(world), []);
});

Deno.test("offers can be asked for by model and by region, however it is written", async () => {
  const world = await createWorld();
  for (const region of ["ca1", "paperspace-ca1", "West Coast (CA1)", "CA1"]) {
    const offers = await list(world, { region, gpuModel: "RTX-A6000-48GB" });
    assert.deepEqual(types(offers), ["A6000", "A6000x2", "A6000x4"]);
    assert.ok(offers.every(({ location }) => location.region === "ca1"));
  }
  assert.deepEqual(await list(world, { gpuModel: "A6000" }), []);
  assert.deepEqual(await list(world, { region: "mars-1" }), []);
});

Deno.test("an entry's regions bound its offers, however they are written", async () => {
  for (const regions of [["ams1"], ["Europe (AMS1)"]]) {
    const world = await createWorld({}, { regions });
    const offers = await list(world);
    assert.ok(offers.length > 0);
    assert.ok(offers.every(({ location }) => location.region === "ams1"));
  }
});

Deno.test("a price is that of the fewest GPUs, read off templates of the last ten minutes", async () => {
  const world = await createWorld();
  const price = (model: string, region: string) =>
    drive(world, world.provider.getPricing(model, region, never));
  assert.equal((await price("RTX-A4000-16GB", "ny2")).perHour, parseUsd("0.7704"));
  assert.equal((await price("RTX-A4000-16GB", "paperspace-ams1")).perHour, parseUsd("0.7704"));
  assert.equal((await price("H100-SXM5-80GB", "ny2")).perHour, parseUsd("5.9604"));
  assert.deepEqual(requestsSince(world, 0), ["GET /os-templates"]);
  for (
    const [model, region] of [["H100-SXM5-80GB", "ca1"], ["RTX-A4000-16GB", "mars-1"]] as const
  ) {
    await assert.rejects(price(model, region), { kind: "not_found" });
  }
});

Deno.test("a network is looked up rarely, and bounds offers to its region", async () => {
  const world = await createWorld({ networkID: "nw4k2v8m" });
  const network = (body: unknown) =>
    world.cloud.addFault({
      operation: "privateNetworks-get",
      answer: { kind: "raw", status: 200, body: JSON.stringify(body) },
    });
  network({ id: "nw4k2v8m", name: "ours", region: "Europe (AMS1)" });
  const regions = async () => new Set((await list(world)).map(({ location }) => location.region));
  assert.deepEqual(await regions(), new Set(["ams1"]));
  assert.deepEqual(await regions(), new Set(["ams1"]));
  const lookUps = () => requestsSince(world, 0).filter((text) => /private-networks/.test(text));
  assert.equal(lookUps().length, 1);
  await world.clock.advance(10 * 60_000);
  // The default network, and one that does not exist: 200 null.
  network(null);
  await assert.rejects(list(world), {
    kind: "invalid_request",
    message: /^Cannot use account "paperspace": network "nw4k2v8m" is no private network/,
  });
  assert.equal(lookUps().length, 2);
  world.cloud.addFault({
    operation: "privateNetworks-get",
    answer: paperspaceFaults.retired,
  });
  // Another failure is no such finding.
  await assert.rejects(list(world), { name: "ProviderError" });
});
