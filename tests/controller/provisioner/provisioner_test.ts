import assert from "node:assert/strict";
import type { Pass } from "../../../controller/decisions/summarize_pass.ts";
import { createLedger } from "../../../controller/ledger.ts";
import { createNeed, type Need } from "../../../controller/need.ts";
import { createBatcher } from "../../../controller/provisioner/batcher.ts";
import { Provisioner } from "../../../controller/provisioner/provisioner.ts";
import { pods } from "../../../kube/resource.ts";
import { nodeClaims, nodePools } from "../../../kube/tgp_resources.ts";
import { isProvisionable } from "../../../scheduling/pod_kinds.ts";
import { parseUsd } from "../../../schemas/money.ts";
import type { GPUNodePool } from "../../../schemas/node_pool.ts";
import { wholeQuantity } from "../../../schemas/quantity.ts";
import { buildOffer, buildPod } from "../../support/controller_builders.ts";
import { ClaimBench, claimName } from "../../support/claim_bench.ts";
import { isWrite, never, testNamespace } from "../../support/controller_world.ts";

const price = buildOffer().price;

/** An offer of so many A100s for so much. */
function offerOf(gpus: number, dollars: string) {
  const perHour = parseUsd(dollars);
  const gpu = { model: "A100-SXM4-80GB", known: true, count: gpus, memoryGb: 80 };
  return buildOffer({
    id: `of-${gpus}x`,
    instanceType: `gpu_${gpus}x_a100`,
    gpu,
    price: { ...price, perHour },
  });
}

/** A cluster with offers and no claims, and its provisioner. */
async function setUp(
  options: { readonly offers?: Parameters<typeof offerOf>[]; readonly pool?: GPUNodePool["spec"] } =
    {},
) {
  const offers = options.offers?.map((offer) => offerOf(...offer));
  const bench = await ClaimBench.create({ pool: options.pool, ...(offers ? { offers } : {}) });
  const { world } = bench;
  await world.kube.patch(nodeClaims, { name: claimName }, { metadata: { finalizers: [] } });
  await world.kube.delete(nodeClaims, { name: claimName });
  await world.kube.delete(pods, { name: "pod", namespace: "default" }, { gracePeriodSeconds: 0 });
  await world.sync();
  const need: Need = createNeed(world.pods, isProvisionable);
  const batcher = createBatcher(world.clock);
  const passes: Pass[] = [];
  const provisioner = new Provisioner({
    ...bench.deps,
    decisions: { note: (pass) => void passes.push(pass) },
    need,
    ledger: createLedger(world.kube, testNamespace),
    batcher,
    clusterId: "abc123",
    pods: world.pods,
    pools: world.pools,
    holdsLease: () => bench.leads,
  });
  return { bench, world, need, batcher, passes, provisioner };
}

async function addPods(
  { world }: Pick<ClaimBench, "world">,
  count: number,
  gpus = 1,
): Promise<void> {
  for (let index = 0; index < count; index++) {
    const resources = { limits: { "nvidia.com/gpu": String(gpus) } };
    await world.putPod(buildPod({
      metadata: { name: `pod-${index}` },
      spec: { containers: [{ name: "main", image: "example/main:1", resources }] },
    }));
  }
}

async function claimsIn({ world }: Pick<ClaimBench, "world">) {
  return (await world.kube.list(nodeClaims)).items;
}

Deno.test("a waiting pod becomes one claim, needed before it exists", async () => {
  const { bench, world, need, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  let needed;
  world.onceBefore(isWrite("create", "gpunodeclaims"), () => {
    needed = world.pods.list().map(({ metadata }) => metadata.uid);
  });
  await provisioner.pass(never);
  const [claim, ...more] = await claimsIn(bench);
  assert.equal(more.length, 0);
  assert.match(claim?.metadata.name ?? "", /^tgp-abc123-gpu-[a-z][a-z0-9]{5}$/);
  assert.deepEqual(need.podsOf(claim?.metadata.name ?? ""), needed);
  assert.equal(need.of(claim?.metadata.name ?? ""), "yes");
  assert.deepEqual(world.reasons, ["Created", "MachineOrdered"]);
  assert.equal(provisioner.pendingPods("gpu"), 1);
});

Deno.test("a second pass buys nothing: before the watch delivers the claim, after, and when it boots", async () => {
  const { bench, world, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  await provisioner.pass(never);
  assert.deepEqual(world.claims.list(), [], "the cache is not behind");
  for (let pass = 0; pass < 3; pass++) await provisioner.pass(never);
  assert.equal((await claimsIn(bench)).length, 1);
  await world.sync();
  for (let pass = 0; pass < 3; pass++) {
    await provisioner.pass(never);
    await world.clock.advance(60_000);
  }
  assert.equal((await claimsIn(bench)).length, 1);
});

Deno.test("eight pods buy one machine of eight GPUs when that is cheaper", async () => {
  const { bench, provisioner } = await setUp({ offers: [[1, "2.00"], [8, "12.00"]] });
  using _ = bench;
  await addPods(bench, 8);
  await provisioner.pass(never);
  const claims = await claimsIn(bench);
  assert.equal(claims.length, 1);
  assert.equal(claims[0]?.spec.resources?.["nvidia.com/gpu"], wholeQuantity(8));
});

Deno.test("eight pods buy eight machines when that is cheaper, within the pool's limit", async () => {
  const { bench, world, provisioner } = await setUp({
    offers: [[1, "1.00"], [8, "12.00"]],
    pool: { nodeClassRef: { name: "default" }, limits: { nodes: 5 } },
  });
  using _ = bench;
  await addPods(bench, 8);
  for (let pass = 0; pass < 3; pass++) {
    await provisioner.pass(never);
    await world.sync();
  }
  const claims = await claimsIn(bench);
  assert.ok(claims.length > 0 && claims.length <= 5, String(claims.length));
});

Deno.test("nothing is bought without the lease, or once told to stop", async () => {
  const { bench, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  await provisioner.pass(AbortSignal.abort());
  bench.leads = false;
  await provisioner.pass(never);
  assert.deepEqual(await claimsIn(bench), []);
});

Deno.test("a pod that nobody serves hears why, once, and again after five minutes", async () => {
  const { bench, world, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1, 16);
  await provisioner.pass(never);
  await world.clock.advance(60_000);
  await provisioner.pass(never);
  assert.deepEqual(world.reasons, ["NotServed"]);
  assert.match(world.notes[0]?.message ?? "", /^No machine is bought for this pod: gpu: /);
  await world.clock.advance(300_000);
  await provisioner.pass(never);
  assert.deepEqual(world.reasons, ["NotServed", "NotServed"]);
});

Deno.test("a claim that could not be created is planned again", async () => {
  const { bench, world, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  world.onceBefore(
    isWrite("create", "gpunodeclaims"),
    () => Response.json({ kind: "Status", message: "no" }, { status: 403 }),
  );
  await assert.rejects(provisioner.pass(never));
  await provisioner.pass(never);
  assert.equal((await claimsIn(bench)).length, 1);
});

Deno.test("a claim whose creation nobody answered is served by one machine in the end", async () => {
  const { bench, world, need, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  world.onceAfter(
    isWrite("create", "gpunodeclaims"),
    () => Response.json({ kind: "Status", message: "lost" }, { status: 500 }),
  );
  await provisioner.pass(never).catch(() => {});
  await provisioner.pass(never);
  await world.sync();
  await provisioner.pass(never);
  const wanted = (await claimsIn(bench)).filter(({ metadata }) => need.of(metadata.name) === "yes");
  assert.equal(wanted.length, 1);
});

Deno.test("a claim that came and went between two passes does not keep its pods from the next one", async () => {
  const { bench, world, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  await provisioner.pass(never);
  const [claim] = await claimsIn(bench);
  await world.kube.delete(nodeClaims, { name: claim?.metadata.name ?? "" });
  await provisioner.pass(never);
  assert.equal((await claimsIn(bench)).length, 0, "it may still be on its way to the cache");
  await world.clock.advance(1_000);
  await provisioner.pass(never);
  assert.equal((await claimsIn(bench)).length, 1);
});

Deno.test("a claim that the cache is slow to show is bought once, however slow", async () => {
  const { bench, world, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  for (let pass = 0; pass < 5; pass++) {
    await provisioner.pass(never);
    await world.clock.advance(60_000);
  }
  assert.equal((await claimsIn(bench)).length, 1);
});

Deno.test("a claim of which the API server cannot be asked still counts", async () => {
  const { bench, world, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  await provisioner.pass(never);
  await world.clock.advance(60_000);
  world.onceBefore(
    isWrite("get", "gpunodeclaims"),
    () => Response.json({ kind: "Status", message: "no" }, { status: 403 }),
  );
  await assert.rejects(provisioner.pass(never), { code: 403 });
  await provisioner.pass(never);
  assert.equal((await claimsIn(bench)).length, 1);
});

Deno.test("a pool that goes between plan and claim gets none", async () => {
  const { bench, world, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  const { get } = world.pools;
  world.pools.get = () => undefined;
  await provisioner.pass(never);
  world.pools.get = get;
  assert.deepEqual(await claimsIn(bench), []);
  await world.kube.delete(nodePools, { name: "gpu" });
});

Deno.test("run() passes at once, then after each batch, and asks again for pods that wait", async () => {
  const { bench, world, batcher, provisioner } = await setUp();
  using _ = bench;
  const stop = new AbortController();
  const running = provisioner.run(stop.signal);
  await world.clock.advance(0);
  await addPods(bench, 1);
  const [pod] = world.pods.list();
  batcher.trigger(pod?.metadata.uid ?? "");
  await world.clock.advance(900);
  assert.equal((await claimsIn(bench)).length, 0);
  await world.clock.advance(200);
  assert.equal((await claimsIn(bench)).length, 1);
  // An event that was lost costs ten seconds.
  const [claim] = await claimsIn(bench);
  await world.kube.delete(nodeClaims, { name: claim?.metadata.name ?? "" });
  await world.clock.advance(75_000);
  assert.equal((await claimsIn(bench)).length, 1);
  stop.abort();
  await world.clock.settle();
  await running;
  assert.equal(world.clock.sleeping, 0);
});

Deno.test("every pass is noted, with the claims that came of it and the pools of nodes", async () => {
  const { bench, passes, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  await provisioner.pass(never);
  const [claim] = await claimsIn(bench);
  const [pass] = passes;
  assert.deepEqual([...pass?.created.values() ?? []], [claim?.metadata.name]);
  assert.equal(pass?.poolOf(claim?.metadata.name ?? ""), "gpu");
  assert.equal(pass?.poolOf("somebody-elses"), undefined);
  await provisioner.pass(never);
  assert.equal(passes[1]?.plan.placements.length, 1);
});

Deno.test("a pass in which a claim could not be made is noted as far as it came", async () => {
  const { bench, world, passes, provisioner } = await setUp();
  using _ = bench;
  await addPods(bench, 1);
  world.onceBefore(
    isWrite("create", "gpunodeclaims"),
    () => Response.json({ kind: "Status", message: "no" }, { status: 403 }),
  );
  await assert.rejects(provisioner.pass(never), { code: 403 });
  assert.deepEqual(passes.map(({ created }) => created.size), [0]);
});
