import assert from "node:assert/strict";
import { PluginHarness } from "../../support/plugin_harness.ts";
import { createClassOf } from "../../support/plugin_objects.ts";

const entry = (name: string, change: Record<string, unknown> = {}) => ({
  name,
  credentialsRef: { name: "keys", key: name },
  ...change,
});

const ready = {
  name: "lambda",
  provider: "lambda",
  available: true,
  reason: "Ready",
  message: "Machines can be bought",
  credentialFingerprint: "3f1c0a9b2c1d",
  offers: 34,
  availableOffers: 12,
  cheapestPerHour: "0.752",
  breakers: [{ operation: "launch", state: "HalfOpen" }],
};

const refused = {
  name: "cheap",
  provider: "paperspace",
  available: false,
  reason: "CredentialsRejected",
  message: "the key is refused",
  account: "team-1",
};

async function withClass(run: (plugin: PluginHarness) => Promise<void>): Promise<void> {
  await using plugin = await PluginHarness.create();
  await createClassOf(plugin.kube, "default", [
    entry("lambda", { lambda: { sshKeyName: "k" } }),
    entry("cheap", { provider: "paperspace", priority: 5 }),
    entry("runpod", { enabled: false }),
  ], {
    providers: [ready, refused],
    lastCheckedTime: "2026-01-01T00:00:00Z",
  });
  await plugin.clock.advance(90_000);
  await run(plugin);
  assert.equal(plugin.openConnections, 0);
}

Deno.test("providers lists every account: whether it can buy, offers, the cheapest, and why not", () =>
  withClass(async (plugin) => {
    const { code, stdout, stderr } = await plugin.run("providers");
    assert.equal(code, 0);
    assert.deepEqual(stdout.trimEnd().split("\n").map((line) => line.split(/ {3,}/)), [
      ["CLASS", "ACCOUNT", "PROVIDER", "AVAILABLE", "OFFERS", "FROM $/H", "AGE"],
      ["default", "cheap", "paperspace", "False: CredentialsRejected", "<none>", "<none>", "90s"],
      ["default", "lambda", "lambda", "True", "12/34", "0.75", "90s"],
      ["default", "runpod", "runpod", "<unknown>", "<none>", "<none>", "90s"],
    ]);
    assert.deepEqual(stderr.trimEnd().split("\n"), [
      "default/cheap: the key is refused",
      "default/lambda: calls held back: launch:HalfOpen",
      "default/runpod: the controller has not looked at it yet",
    ]);
  }));

Deno.test("providers -o wide has keys, identities, breakers and messages in the table", () =>
  withClass(async (plugin) => {
    const { stdout, stderr } = await plugin.run("providers -o wide");
    assert.equal(stderr, "");
    assert.match(stdout, /KEY +IDENTITY +PRIORITY +BREAKERS +CHECKED +MESSAGE\n/);
    assert.match(stdout, /lambda .* 3f1c0a9b2c1d +<none> +0 +launch:HalfOpen +90s +Machines can/);
    assert.match(stdout, /cheap .* <none> +team-1 +5 +<none> +90s +the key is refused\n/);
  }));

Deno.test("providers fits 80 columns, and keeps whether accounts can buy", () =>
  withClass(async (plugin) => {
    const { stdout, stderr } = await plugin.run("providers", { columns: 80 });
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.match(stdout, /^CLASS +ACCOUNT +PROVIDER +AVAILABLE +OFFERS +FROM \$\/H\n/);
    assert.match(stderr, /^\+1 column \(AGE\): /m);
  }));

Deno.test("providers -o json has the names that scripts were promised", () =>
  withClass(async (plugin) => {
    const { stdout } = await plugin.run("providers -o json");
    const { kind, apiVersion, items } = JSON.parse(stdout);
    assert.deepEqual([apiVersion, kind], ["plugin.tgp.io/v1", "ProviderList"]);
    assert.deepEqual(items[1], {
      class: "default",
      account: "lambda",
      provider: "lambda",
      enabled: true,
      priority: 0,
      available: true,
      reason: "Ready",
      message: "Machines can be bought",
      offers: { total: 34, available: 12 },
      cheapest: { perInstanceHour: "0.752", currency: "USD" },
      breakers: [{ operation: "launch", state: "HalfOpen" }],
      credentialFingerprint: "3f1c0a9b2c1d",
      identity: null,
      createdAt: "2026-01-01T00:00:00Z",
      checkedAt: "2026-01-01T00:00:00Z",
    });
    assert.deepEqual([items[2].enabled, items[2].available, items[2].reason], [false, null, null]);
  }));

Deno.test("providers takes names of classes and accounts, and says what there is", () =>
  withClass(async (plugin) => {
    const names = async (words: string) =>
      (await plugin.run(`providers ${words} -o name`)).stdout.split("\n").slice(0, -1);
    assert.deepEqual(await names("default/lambda cheap"), [
      "provider/default/cheap",
      "provider/default/lambda",
    ]);
    assert.equal((await names("default")).length, 3);
    assert.equal((await names("")).length, 3);
    const { code, stderr } = await plugin.run("providers nobody");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error: there is no class or account "nobody"\n +There are default\/lambda, default\/cheap,/,
    );
  }));

Deno.test("providers without a class is no mistake", async () => {
  await using plugin = await PluginHarness.create();
  const { code, stdout, stderr } = await plugin.run("provider");
  assert.deepEqual([code, stdout], [0, ""]);
  assert.match(stderr, /^No accounts: there is no GPUNodeClass/);
});
