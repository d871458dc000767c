import assert from "node:assert/strict";
import fc from "fast-check";
import { formatUsd, type MicroUsd } from "../../../../schemas/money.ts";
import { createPaperspaceBench } from "../../../support/paperspace_bench.ts";

const minute = 60_000;
const hour = 60 * minute;

function usd(amount: MicroUsd | undefined): string {
  assert.ok(amount !== undefined);
  return formatUsd(amount);
}

Deno.test("a machine bills started hours with its disk from create to delete, on or off", async () => {
  const { clock, cloud, ask, create } = createPaperspaceBench();
  const id = await create();
  const [fresh] = cloud.bill();
  assert.deepEqual(
    [fresh?.id, fresh?.instanceType, fresh?.region, fresh?.end, fresh?.billedMs],
    [id, "A4000", "East Coast (NY2)", undefined, 0],
  );
  assert.equal(usd(fresh?.pricePerHour), "0.7704");
  await clock.advance(2 * minute);
  assert.equal(usd(cloud.bill()[0]?.amount), "0.7704");
  await ask("PATCH", `/machines/${id}/stop`);
  await clock.advance(2 * hour);
  assert.equal(usd(cloud.bill()[0]?.amount), "2.3112");
  await ask("DELETE", `/machines/${id}`);
  await clock.advance(10 * hour);
  const [line] = cloud.bill();
  assert.deepEqual([line?.billedMs, usd(line?.amount)], [3 * hour, "2.3112"]);
  assert.equal(line?.end, (line?.start ?? 0) + 2 * hour + 2 * minute);
});

Deno.test("a machine that never started bills, and one whose deletion is stuck bills on", async () => {
  const { clock, cloud, ask, create } = createPaperspaceBench({
    stock: {},
    behaviour: { deletion: "stuck" },
  });
  const id = await create();
  await clock.advance(90 * minute);
  await ask("DELETE", `/machines/${id}`);
  await clock.advance(60 * minute);
  const [line] = cloud.bill();
  assert.deepEqual([line?.end, line?.billedMs], [undefined, 3 * hour]);
});

Deno.test("a new price holds for machines created from then on, and usageRate says it", async () => {
  const { clock, cloud, create, look } = createPaperspaceBench();
  const before = await create();
  cloud.setPrice("A4000", 0.99);
  const after = await create();
  await clock.advance(30 * minute);
  assert.deepEqual(
    [(await look(before)).usageRate, (await look(after)).usageRate],
    [0.76, 0.99],
  );
  assert.deepEqual(cloud.bill().map(({ amount }) => usd(amount)), ["0.7704", "1.0004"]);
  assert.throws(() => cloud.setPrice("B200", 1), RangeError);
});

Deno.test("another type bills its own rate from the change on", async () => {
  const { clock, cloud, ask, create } = createPaperspaceBench();
  const id = await create({ startOnCreate: false });
  await clock.advance(2 * hour);
  await ask("PUT", `/machines/${id}`, { machineType: "A5000" });
  await clock.advance(hour);
  // 2 × 0.76 + 1.38, and the disk for three hours.
  assert.equal(usd(cloud.bill()[0]?.amount), "2.9312");
  assert.equal(usd(cloud.bill()[0]?.pricePerHour), "1.3904");
});

Deno.test("a static address bills until it is released, a dynamic one while the machine is on", async () => {
  const { clock, cloud, ask, create } = createPaperspaceBench();
  const fixed = await create({ publicIpType: "static" });
  const loose = await create();
  await clock.advance(2 * hour);
  for (const id of [fixed, loose]) await ask("DELETE", `/machines/${id}`);
  await clock.advance(3 * hour);
  const lines = () =>
    cloud.ipBill().map(({ kind, end, billedMs, amount }) => [
      kind,
      end !== undefined,
      billedMs / hour,
      usd(amount),
    ]);
  assert.deepEqual(lines(), [["static", false, 5, "0.0225"], ["dynamic", true, 2, "0.009"]]);
  const [{ ip } = { ip: "" }] = cloud.publicIps();
  await ask("DELETE", `/public-ips/${ip}`);
  await clock.advance(hour);
  assert.deepEqual(lines()[0], ["static", true, 5, "0.0225"]);
});

Deno.test("an address that a machine did not live to get is not billed", async () => {
  const { clock, cloud, ask, create } = createPaperspaceBench();
  await ask("DELETE", `/machines/${await create()}`);
  cloud.switchOff(await create());
  await clock.advance(hour);
  assert.deepEqual(cloud.ipBill(), []);
  assert.equal(cloud.bill().length, 2);
});

Deno.test("disks and addresses never cost more than a month's cap for each started month", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2_000 }), async (hours) => {
      const { clock, cloud, create } = createPaperspaceBench({ stock: {} });
      await create({ publicIpType: "static" });
      await clock.advance(hours * hour);
      const months = Math.ceil(hours / 730);
      const [machine] = cloud.bill();
      const [ip] = cloud.ipBill();
      assert.ok(machine && ip);
      const disk = machine.amount - hours * 760_000;
      assert.ok(disk <= months * 7_000_000 && disk <= hours * 10_400, `${disk}`);
      assert.ok(ip.amount <= months * 3_000_000 && ip.amount <= hours * 4_500, `${ip.amount}`);
    }),
    { numRuns: 30 },
  );
});
