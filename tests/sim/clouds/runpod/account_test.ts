import assert from "node:assert/strict";
import { createRunpodBench, usualPod } from "../../../support/runpod_bench.ts";

const onDemand = "podFindAndDeployOnDemand";
const hour = 3_600_000;

Deno.test("an order needs an hour's money at hand", async () => {
  const { cloud, order, rest } = createRunpodBench({ balanceUsd: 1.37 });
  const poor = await rest("POST", "/pods", usualPod);
  assert.deepEqual([poor.status, poor.body.title], [402, "Payment Required"]);
  const text = "Your account balance is too low to rent a pod. Please add funds to your account.";
  assert.equal(poor.body.detail, text);
  const { status, body } = await order();
  assert.deepEqual([status, body.errors[0].message], [200, text]);
  cloud.setBalance(1.38);
  assert.equal((await rest("POST", "/pods", usualPod)).status, 201);
});

Deno.test("the spend limit counts what runs", async () => {
  const { cloud, order, rest } = createRunpodBench({ behaviour: { spendLimitUsd: 2 } });
  const first = (await order()).body.data[onDemand].id;
  assert.match((await order()).body.errors[0].message, /spend limit/);
  const refused = await rest("POST", "/pods", usualPod);
  assert.equal(refused.status, 402);
  assert.match(refused.body.detail, /spend limit/);
  await rest("POST", `/pods/${first}/action`, { action: "stop" });
  assert.equal((await rest("POST", "/pods", usualPod)).status, 201);
  cloud.setBehaviour({ spendLimitUsd: 80, maxMachines: 2 });
  assert.equal((await rest("POST", "/pods", usualPod)).status, 402);
  await rest("DELETE", `/pods/${first}`);
  assert.equal((await rest("POST", "/pods", usualPod)).status, 201);
});

Deno.test("pods drain the balance and are stopped when it is gone", async () => {
  const { clock, cloud, graphql, order } = createRunpodBench({ balanceUsd: 2.77644 });
  await order();
  const myself = async () => (await graphql("Myself")).body.data.myself;
  assert.deepEqual(await myself(), {
    id: cloud.userId,
    clientBalance: 2.77644,
    currentSpendPerHr: 1.38,
    spendLimit: 80,
    minBalance: 0,
    underBalance: false,
  });
  // 60 GB of disk make 0.00822 USD an hour more.
  await clock.advance(hour);
  assert.equal((await myself()).clientBalance, 1.38822);
  await clock.advance(3 * hour);
  const { clientBalance, currentSpendPerHr, underBalance } = await myself();
  assert.deepEqual([clientBalance, currentSpendPerHr, underBalance], [0, 0, true]);
  const [pod] = (await graphql("ListPods")).body.data.myself.pods;
  assert.equal(pod.desiredStatus, "EXITED");
  assert.match(pod.lastStatusChange, /^Exited by RunPod: Insufficient balance: /);
  const [line] = cloud.bill();
  assert.deepEqual([line?.billedMs, line?.amount], [2 * hour, 2_776_440]);
});

Deno.test("pods can end and stop by themselves at moments that nobody watches", async () => {
  const { clock, cloud, order, rest } = createRunpodBench();
  const at = (ms: number) => new Date(clock.now() + ms).toISOString();
  await order({ terminateAfter: at(hour) });
  const stopping = (await order({ stopAfter: at(hour), volumeInGb: 100 })).body.data[onDemand].id;
  await clock.advance(3 * hour);
  assert.deepEqual(cloud.machines().map(({ state }) => state), ["TERMINATED", "EXITED"]);
  const [ended, stopped] = cloud.bill();
  assert.equal(ended?.end, clock.now() - 2 * hour);
  assert.equal(ended?.billedMs, hour);
  // The volume goes on.
  assert.equal(stopped?.end, undefined);
  await rest("POST", `/pods/${stopping}/action`, { action: "start" });
  await clock.advance(3 * hour);
  assert.deepEqual(cloud.machines().map(({ state }) => state), ["TERMINATED", "RUNNING"]);
});

Deno.test("a new price holds for pods created from then on", async () => {
  const { clock, cloud, create } = createRunpodBench();
  await create({ disk: 1 });
  cloud.setPrice(usualPod.gpu.id, "SECURE", 1.38);
  await create({ disk: 1 });
  await clock.advance(hour);
  const diskPerHour = 137;
  assert.deepEqual(cloud.bill().map(({ amount }) => amount - diskPerHour), [1_380_000, 2_760_000]);
  cloud.setPrice(usualPod.gpu.id, "SECURE", null);
  await assert.rejects(() => create(), /no longer any instances/);
});

Deno.test("stock and prices of what does not exist cannot be set", () => {
  const { cloud } = createRunpodBench();
  assert.throws(() => cloud.setStock("RTX 4090", "EU-RO-1", 1), /No GPU type "RTX 4090"/);
  assert.throws(() => cloud.setPrice("RTX 4090", "SECURE", 1), /No GPU type "RTX 4090"/);
  assert.throws(() => cloud.setStock("NVIDIA L4", "eu-ro-1", 1), /No data center or country/);
  assert.throws(() => cloud.setStock("NVIDIA L4", "RO", 1), /"NVIDIA L4" is not sold on COMMUNITY/);
});
