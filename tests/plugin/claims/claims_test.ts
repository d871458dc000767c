import assert from "node:assert/strict";
import { PluginHarness } from "../../support/plugin_harness.ts";
import { condition, createClaim, launch, steps } from "../../support/plugin_objects.ts";

const name = "tgp-a1b2c3-train-x9fk2q";

async function withClaims(run: (plugin: PluginHarness) => Promise<void>): Promise<void> {
  await using plugin = await PluginHarness.create();
  const { kube, clock } = plugin;
  await createClaim(kube, name, "train", {
    launch,
    steps: steps("Ordered", "Accepted"),
    instanceID: "0123abcd",
    conditions: [condition("Ready", "False", "AwaitingNode", "The machine boots")],
  });
  await clock.advance(1_000);
  await createClaim(kube, "tgp-a1b2c3-train-ready1", "train", {
    launch,
    steps: steps("Ordered", "Accepted", "Running", "Registered", "Initialized"),
    prices: [
      { from: "2026-01-01T00:00:00Z", perHour: "23.92", source: "Offer" },
      { from: "2026-01-01T01:00:00Z", perHour: "31.928", source: "Instance" },
    ],
    nodeName: "tgp-a1b2c3-train-ready1",
  });
  await clock.advance(1_000);
  await createClaim(kube, "tgp-a1b2c3-dev-ending", "dev", {
    launch,
    steps: steps("Ordered", "Accepted", "Running", "EndDecided", "Drained", "TerminateSent"),
    end: { reason: "Empty", message: "No pod has needed the node for 5m" },
  });
  await clock.advance(1_000);
  await createClaim(kube, "by-hand", undefined);
  await clock.advance(65_000);
  await run(plugin);
  assert.equal(plugin.openConnections, 0);
}

Deno.test("claims shows what is rented, what it costs, how far it is and why it ends", () =>
  withClaims(async (plugin) => {
    const { code, stdout, stderr } = await plugin.run("claims");
    assert.deepEqual([code, stderr], [0, ""]);
    const gpu = ["H100-SXM5-80GB", "8", "lambda", "us-south-2", "on-demand"];
    const none = Array.from({ length: 6 }, () => "<none>");
    assert.deepEqual(stdout.trimEnd().split("\n").map((line) => line.split(/ {3,}/)), [
      [
        ...["NAME", "POOL", "GPU", "QTY", "PROVIDER", "REGION", "CAPACITY", "$/H", "STEP", "AGE"],
        "NODE",
      ],
      [name, "train", ...gpu, "23.92", "booting 2/5", "68s", "<none>"],
      [
        ...["tgp-a1b2c3-train-ready1", "train", ...gpu, "31.93", "ready", "67s"],
        "tgp-a1b2c3-train-ready1",
      ],
      ["tgp-a1b2c3-dev-ending", "dev", ...gpu, "23.92", "terminating: Empty", "66s", "<none>"],
      ["by-hand", "<none>", ...none, "waiting", "65s", "<none>"],
    ]);
  }));

Deno.test("claims filters by pool and by name", () =>
  withClaims(async (plugin) => {
    const names = async (words: string) => (await plugin.run(`${words} -o name`)).stdout;
    assert.equal(await names("claims --pool dev"), "gpunodeclaim.tgp.io/tgp-a1b2c3-dev-ending\n");
    assert.equal(await names("claims by-hand"), "gpunodeclaim.tgp.io/by-hand\n");
    assert.match((await plugin.run("claims --pool none")).stderr, /^No claims of pool "none"\.\n$/);
    const missing = await plugin.run("claims nobody");
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^error: gpunodeclaims\.tgp\.io "nobody" not found\n$/);
  }));

Deno.test("claims -o wide adds type, instance and the reason in words", () =>
  withClaims(async (plugin) => {
    const { stdout } = await plugin.run("claims -o wide");
    assert.match(stdout, /gpu_8x_h100_sxm5 +0123abcd +The machine boots\n/);
    assert.match(stdout, /gpu_8x_h100_sxm5 +<none> +No pod has needed the node for 5m\n/);
  }));

Deno.test("claims -o json is exact, and has the names that scripts were promised", () =>
  withClaims(async (plugin) => {
    const { kind, items } = JSON.parse((await plugin.run("claims -o json")).stdout);
    assert.equal(kind, "ClaimList");
    assert.deepEqual(items[1], {
      name: "tgp-a1b2c3-train-ready1",
      pool: "train",
      class: "default",
      gpu: { model: "H100-SXM5-80GB", count: 8 },
      provider: "lambda",
      account: "lambda",
      location: { native: "us-south-2" },
      capacityType: "on-demand",
      price: { perInstanceHour: "31.928", currency: "USD" },
      step: "ready",
      steps: steps("Ordered", "Accepted", "Running", "Registered", "Initialized"),
      ready: false,
      reason: null,
      message: null,
      node: "tgp-a1b2c3-train-ready1",
      instance: { id: null, type: "gpu_8x_h100_sxm5" },
      createdAt: "2026-01-01T00:00:01Z",
      ageSeconds: 67,
    });
    assert.deepEqual([items[2].step, items[2].reason], ["terminating", "Empty"]);
  }));

Deno.test("claims on a terminal drops columns from the right, and sums the money up", () =>
  withClaims(async (plugin) => {
    const { stdout, stderr } = await plugin.run("claims", { columns: 80 });
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.match(stdout, /^NAME .* \$\/H +STEP\n/);
    assert.match(stderr, /^\+\d columns \(.*AGE, NODE\): widen the terminal/m);
    assert.match(stderr, /^4 claims, 79\.77 US dollars per hour$/m);
  }));

Deno.test("claims without any says so on stderr, and is done", async () => {
  await using plugin = await PluginHarness.create();
  const { code, stdout, stderr } = await plugin.run("claims");
  assert.deepEqual([code, stdout], [0, ""]);
  assert.equal(stderr, "No claims: nothing is rented, and nothing is being bought.\n");
});
