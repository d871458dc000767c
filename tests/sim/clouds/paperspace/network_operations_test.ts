import assert from "node:assert/strict";
import { createPaperspaceBench } from "../../../support/paperspace_bench.ts";

const minute = 60_000;

Deno.test("a static address comes with the machine and outlives it until it is released", async () => {
  const { clock, cloud, ask, create, look } = createPaperspaceBench();
  const id = await create({ publicIpType: "static" });
  const { publicIp } = await look(id);
  assert.match(publicIp, /^203\.0\.113\./);
  const list = async () => (await ask("GET", "/public-ips")).body.items;
  const [assigned] = await list();
  assert.deepEqual(
    [assigned.ip, assigned.region, assigned.assignedMachineId],
    [publicIp, "East Coast (NY2)", id],
  );
  await clock.advance(2 * minute);
  assert.equal((await look(id)).publicIp, publicIp);
  await ask("DELETE", `/machines/${id}`);
  await clock.advance(20_000);
  const [left] = await list();
  assert.deepEqual([left.ip, "assignedMachineId" in left], [publicIp, false]);
  assert.deepEqual((await ask("DELETE", `/public-ips/${publicIp}`)).body, { ip: publicIp });
  assert.deepEqual(await list(), []);
  const again = await ask("DELETE", `/public-ips/${publicIp}`);
  assert.deepEqual([again.status, again.body.code], [404, "NOT_FOUND"]);
  assert.deepEqual(cloud.publicIps().map(({ released }) => released), [true]);
});

Deno.test("a static address can be released while it is attached", async () => {
  const { ask, create, look } = createPaperspaceBench();
  const id = await create({ publicIpType: "static" });
  const { publicIp } = await look(id);
  assert.equal((await ask("DELETE", `/public-ips/${publicIp}`)).status, 200);
  assert.equal((await look(id)).publicIp, null);
  assert.equal((await ask("DELETE", `/machines/${id}`)).status, 200);
});

Deno.test("addresses are claimed, attached to one machine of their region, and detached", async () => {
  const { ask, create, look } = createPaperspaceBench();
  const { ip } = (await ask("POST", "/public-ips", { region: "ny2" })).body;
  const [first, second, abroad] = [
    await create({ publicIpType: "none" }),
    await create({ publicIpType: "none" }),
    await create({ publicIpType: "none", region: "ams1" }),
  ];
  const attach = (machineId: string | null | undefined) =>
    ask("PUT", `/public-ips/${ip}`, { machineId });
  assert.equal((await attach(undefined)).status, 400);
  assert.equal((await attach(first)).body.assignedMachineId, first);
  assert.equal((await look(first)).publicIp, ip);
  assert.equal((await attach(second)).status, 409);
  assert.equal("assignedMachineId" in (await attach(null)).body, false);
  assert.equal((await look(first)).publicIp, null);
  assert.equal((await attach(abroad)).status, 400);
  assert.equal((await attach("psunknown")).status, 404);
  assert.equal((await ask("PUT", "/public-ips/192.0.2.9", { machineId: null })).status, 404);
  assert.equal((await ask("POST", "/public-ips", { region: "lon1" })).status, 400);
  assert.deepEqual((await ask("GET", "/public-ips?region=ams1")).body.items, []);
});

Deno.test("a machine without an address stays without one", async () => {
  const { clock, create, look } = createPaperspaceBench();
  const id = await create({ publicIpType: "none" });
  await clock.advance(2 * minute);
  assert.equal((await look(id)).publicIp, null);
});

Deno.test("a private network is null when unknown, and cannot go while machines are on it", async () => {
  const { clock, ask, create, look } = createPaperspaceBench();
  const plain = await create();
  await clock.advance(2 * minute);
  for (const id of ["nunknown", (await look(plain)).networkId]) {
    const answer = await ask("GET", `/private-networks/${id}`);
    assert.deepEqual([answer.status, answer.body], [200, null]);
  }
  const network = (await ask("POST", "/private-networks", { name: "net", region: "ny2" })).body;
  assert.deepEqual([network.region, network.netmask], ["East Coast (NY2)", "255.255.255.0"]);
  assert.deepEqual((await ask("GET", `/private-networks/${network.id}`)).body, network);
  const renamed = await ask("PUT", `/private-networks/${network.id}`, { name: "other" });
  assert.deepEqual((await ask("GET", "/private-networks?name=oth&region=NY2")).body.items, [
    renamed.body,
  ]);
  const machine = await create({ networkId: network.id });
  assert.equal((await look(machine)).networkId, network.id);
  assert.equal((await ask("DELETE", `/private-networks/${network.id}`)).status, 409);
  await ask("DELETE", `/machines/${machine}`);
  await clock.advance(20_000);
  const deleted = await ask("DELETE", `/private-networks/${network.id}`);
  assert.deepEqual(deleted.body, { id: network.id });
  assert.equal((await ask("DELETE", `/private-networks/${network.id}`)).status, 404);
});

Deno.test("a machine cannot be on a network of another region", async () => {
  const { ask } = createPaperspaceBench();
  const { id } = (await ask("POST", "/private-networks", { name: "net", region: "ams1" })).body;
  const answer = await ask("POST", "/machines", {
    name: "m",
    machineType: "A4000",
    templateId: "t0nspur5",
    diskSize: 50,
    region: "ny2",
    networkId: id,
  });
  assert.equal(answer.status, 400);
});
