import assert from "node:assert/strict";
import { configMaps } from "../../../kube/resource.ts";
import type { ConfigMap } from "../../../schemas/kubernetes.ts";
import { encodeDecisions, type PoolDecisions } from "../../../schemas/pool_decisions.ts";
import { PluginHarness } from "../../support/plugin_harness.ts";
import {
  condition,
  createClaim,
  createClass,
  createPool,
  launch,
  steps,
} from "../../support/plugin_objects.ts";
import { buildOffer, publishCatalog } from "../../support/plugin_offers.ts";

async function withPools(run: (plugin: PluginHarness) => Promise<void>): Promise<void> {
  await using plugin = await PluginHarness.create();
  const { kube, clock } = plugin;
  await createPool(kube, "train", {
    limits: {
      nodes: 6,
      resources: { "nvidia.com/gpu": 24 },
      spendPerHour: "60",
      spendPerDay: "1000",
    },
    price: { maxPerGpuHour: "3.00" },
    template: {
      spec: {
        requirements: [{ key: "tgp.io/gpu-model", operator: "In", values: ["H100-SXM5-80GB"] }],
      },
    },
  }, {
    nodes: 2,
    readyNodes: 1,
    resources: { "nvidia.com/gpu": "12" },
    spendPerHour: "35.474",
    spentToday: "412.1",
    pendingPods: 4,
    conditions: [condition("Ready", "True", "Ready")],
  });
  await createPool(kube, "dev", { paused: true, weight: 50 }, {
    conditions: [condition("Ready", "False", "Paused", "The pool is paused")],
  });
  await createClaim(kube, "tgp-a1b2c3-train-x9fk2q", "train", {
    launch,
    steps: steps("Ordered", "Accepted"),
  });
  await createClaim(kube, "tgp-a1b2c3-dev-other1", "dev");
  await clock.advance(12 * 86_400_000);
  await run(plugin);
  assert.equal(plugin.openConnections, 0);
}

async function publishOffers(plugin: PluginHarness): Promise<void> {
  const offers = [
    buildOffer({ gpu: "H100-SXM5-80GB", count: 8, perHour: "23.92", region: "us-south-2" }),
    buildOffer({ gpu: "H100-SXM5-80GB", count: 1, perHour: "3.29", region: "us-south-3" }),
    buildOffer({ gpu: "A10-24GB", count: 1, perHour: "0.75", region: "us-east-1" }),
  ];
  const catalog = { nodeClass: "default", account: "lambda", provider: "lambda", readAt: 0 };
  await publishCatalog(plugin.kube, { ...catalog, source: { state: "ok" }, offers });
}

Deno.test("pools shows use against limits, money, and whether the pool can buy", () =>
  withPools(async (plugin) => {
    const { code, stdout, stderr } = await plugin.run("pools");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(stdout.trimEnd().split("\n").map((line) => line.split(/ {3,}/)), [
      ["NAME", "CLASS", "NODES", "GPUS", "PENDING", "$/H", "CAP $/H", "READY", "AGE"],
      ["dev", "default", "0", "0", "0", "0.00", "<none>", "False: Paused", "12d"],
      ["train", "default", "2/6", "12/24", "4", "35.47", "60.00", "True", "12d"],
    ]);
    const wide = (await plugin.run("pools dev -o wide --no-headers")).stdout;
    assert.match(wide, /12d +<none> +<none> +50 +The pool is paused\n$/);
  }));

Deno.test("pools -o json is exact, and has the names that scripts were promised", () =>
  withPools(async (plugin) => {
    const { kind, items } = JSON.parse((await plugin.run("pools train -o json")).stdout);
    assert.equal(kind, "PoolList");
    const [{ conditions, ...pool }] = items;
    assert.deepEqual(pool, {
      name: "train",
      class: "default",
      nodes: { current: 2, ready: 1, limit: 6 },
      gpus: {
        current: "12",
        limit: "24",
        byResource: { "nvidia.com/gpu": { current: "12", limit: "24" } },
      },
      pendingPods: 4,
      spend: {
        perHour: "35.474",
        capPerHour: "60",
        today: "412.1",
        capPerDay: "1000",
        currency: "USD",
      },
      weight: 10,
      paused: false,
      ready: true,
      reason: "Ready",
      message: "",
      createdAt: "2026-01-01T00:00:00Z",
    });
    assert.deepEqual(conditions.map(({ type }: { type: string }) => type), ["Ready"]);
  }));

Deno.test("pools describe ranks offers as the controller does, and counts what it leaves out", () =>
  withPools(async (plugin) => {
    await createClass(plugin.kube);
    await publishOffers(plugin);
    const { code, stdout, stderr } = await plugin.run("pools describe train");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^Pool +train {3}class default, created 12d ago$/m);
    assert.match(
      stdout,
      /^Wants +tgp\.io\/gpu-model .*H100-SXM5-80GB.*\n +at most \$3\.00 per GPU-hour$/m,
    );
    assert.match(
      stdout,
      /^Now +2 nodes of at most 6, 1 ready\n +12 GPUs of at most 24\n +\$35\.47 per hour of at most \$60\.00\n +\$412\.10 today \(UTC\) of at most \$1000\.00$/m,
    );
    assert.match(stdout, /^Waiting +4 pods$/m);
    assert.match(stdout, /^Claims +NAME .*\n +tgp-a1b2c3-train-x9fk2q .* booting 2\/5 +12d$/m);
    assert.doesNotMatch(stdout, /tgp-a1b2c3-dev-other1/);
    assert.match(
      stdout,
      /^Buys next +of-\S+ +H100-SXM5-80GB x8 +lambda us-south-2 +\$23\.92\/h +\$2\.99 per GPU\n +1 of 3 offers fit/m,
    );
    assert.match(stdout, /^Conditions +Ready True \(Ready\)$/m);
  }));

Deno.test("pools counts AMD's cards, and describes what a pool of them buys", () =>
  withPools(async (plugin) => {
    await createPool(plugin.kube, "mixed", {
      limits: { resources: { "nvidia.com/gpu": 4 } },
      template: {
        spec: {
          requirements: [{ key: "tgp.io/gpu-model", operator: "In", values: ["MI300X-192GB"] }],
        },
      },
    }, { resources: { "nvidia.com/gpu": "2", "amd.com/gpu": "8" } });
    await createClass(plugin.kube);
    const parts = { count: 8, perHour: "15.92", region: "us-south-2" };
    const offers = [buildOffer({ gpu: "MI300X-192GB", ...parts })];
    const catalog = { nodeClass: "default", account: "lambda", provider: "lambda", readAt: 0 };
    await publishCatalog(plugin.kube, { ...catalog, source: { state: "ok" }, offers });
    assert.match((await plugin.run("pools mixed")).stdout, /^mixed +default +0 +2\/4\+8 /m);
    const { items } = JSON.parse((await plugin.run("pools mixed -o json")).stdout);
    assert.deepEqual([items[0].gpus.current, items[0].gpus.limit], ["10", null]);
    const { stdout } = await plugin.run("pools describe mixed");
    assert.match(stdout, /\n +2 GPUs of at most 4\n +8 AMD GPUs\n/);
    assert.match(stdout, /^Buys next +of-\S+ +MI300X-192GB x8 /m);
  }));

Deno.test("pools describe fits 80 columns", () =>
  withPools(async (plugin) => {
    await createClass(plugin.kube);
    await publishOffers(plugin);
    const { stdout } = await plugin.run("pools describe train", { columns: 80 });
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.match(stdout, /x9fk2q .* 23\.92 +booting 2\/5$/m);
    assert.match(stdout, /^Buys next +H100-SXM5-80GB x8 +lambda us-south-2 +\$23\.92\/h/m);
  }));

Deno.test("pools -o wide has every column, however narrow the terminal", () =>
  withPools(async (plugin) => {
    const { stdout, stderr } = await plugin.run("pools -o wide", { columns: 80 });
    assert.match(stdout, /^NAME .* MESSAGE\n/);
    assert.equal(stderr, "");
  }));

Deno.test("pools describe leaves accounts out that the class cannot use, and says why", () =>
  withPools(async (plugin) => {
    await createClass(plugin.kube, {
      providers: [{
        name: "lambda",
        provider: "lambda",
        available: false,
        reason: "CredentialsRejected",
        message: "the key is rejected",
      }],
    });
    await publishOffers(plugin);
    const { stdout } = await plugin.run("pools describe train");
    assert.match(stdout, /^Buys next +None of 3 offers fits \(.*blocked accounts/m);
  }));

Deno.test("pools describe shows the rest where offers or class are missing", () =>
  withPools(async (plugin) => {
    const without = await plugin.run("pools describe train");
    assert.equal(without.code, 0);
    assert.match(without.stdout, /^Buys next +unknown: the class "default" does not exist$/m);
    await createClass(plugin.kube);
    const unread = await plugin.run("pools describe train");
    assert.match(unread.stdout, /^Buys next +unknown: no published offers of class "default" in /m);
    const paused = await plugin.run("pools describe dev");
    assert.match(paused.stdout, /^Pool .*, paused\nWants +any GPU, at any price\n/m);
  }));

Deno.test("pools describe shows what was decided last, or that nothing was", () =>
  withPools(async (plugin) => {
    const without = await plugin.run("pools describe train");
    assert.match(without.stdout, /^Decided +nothing yet: no pod has waited for this pool$/m);
    const decisions: PoolDecisions = {
      pool: "train",
      since: "2026-01-12T00:00:00Z",
      considered: 2,
      fitting: 0,
      planned: 0,
      bought: 0,
      refusals: [{
        kind: "offers",
        message: "None of 3 offers fits",
        pods: { count: 2, first: ["default/a", "default/b"] },
      }],
      otherRefused: 0,
      purchases: [],
    };
    const map: ConfigMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "tgp-decisions-train", namespace: "tgp-system" },
      data: encodeDecisions(decisions),
    };
    await plugin.kube.create(configMaps, map);
    const { stdout } = await plugin.run("pools describe train");
    assert.match(
      stdout,
      /^Decided +24h ago, for 2 pods: 2 not served\nNot served +2 pods \(default\/a, default\/b\): None of 3 offers fits\nConditions/m,
    );
  }));

Deno.test("pools describe of nothing fails and names it", () =>
  withPools(async (plugin) => {
    const { code, stdout, stderr } = await plugin.run("pools describe nothing");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^error: gpunodepools\.tgp\.io "nothing" not found\n$/);
  }));
