import assert from "node:assert/strict";
import type { Catalog } from "../../../providers/catalog/catalog.ts";
import { PluginHarness } from "../../support/plugin_harness.ts";
import { createClassOf } from "../../support/plugin_objects.ts";
import { buildOffer, publishCatalog } from "../../support/plugin_offers.ts";

const start = Date.UTC(2026, 0, 1);

function buildCatalog(account: string, change: Partial<Catalog> = {}): Catalog {
  const offer = { gpu: "A10-24GB", count: 1, perHour: "0.75", region: "us-east-1" } as const;
  return {
    nodeClass: "default",
    account,
    provider: account,
    readAt: start,
    source: { state: "ok" },
    offers: [buildOffer({ ...offer, account })],
    ...change,
  };
}

const entry = (name: string, change: Record<string, unknown> = {}) => ({
  name,
  credentialsRef: { name: "keys", key: name },
  ...(name === "lambda" ? { lambda: { sshKeyName: "k" } } : {}),
  ...change,
});

const status = (name: string, reason: string, message: string) => ({
  name,
  provider: name,
  available: false,
  reason,
  message,
});

interface Source {
  readonly account: string;
  readonly state: string;
  readonly error: string | null;
}

async function readSources(plugin: PluginHarness): Promise<readonly (readonly unknown[])[]> {
  const { metadata } = JSON.parse((await plugin.run("offers -o json")).stdout);
  return metadata.sources.map(({ account, state, error }: Source) => [account, state, error]);
}

Deno.test("offers has a line for each cloud that did not answer: outage, refused key, nothing yet", async () => {
  await using plugin = await PluginHarness.create();
  await publishCatalog(plugin.kube, buildCatalog("lambda"));
  await publishCatalog(plugin.kube, buildCatalog("paperspace"));
  await createClassOf(plugin.kube, "default", [
    entry("lambda"),
    entry("paperspace"),
    entry("runpod"),
    entry("second", { provider: "runpod" }),
    entry("off", { provider: "runpod", enabled: false }),
  ], {
    providers: [
      { ...status("lambda", "Ready", "Machines can be bought"), available: true },
      status("paperspace", "ProviderUnreachable", "no answer from api.paperspace.com within 20 s"),
      status("runpod", "CredentialsRejected", "RunPod refused the key"),
    ],
  });
  const { code, stdout, stderr } = await plugin.run("offers");
  assert.equal(code, 0);
  assert.equal(stdout.trimEnd().split("\n").length, 3);
  assert.deepEqual(stderr.trimEnd().split("\n"), [
    "paperspace: no answer from api.paperspace.com within 20 s (offers shown are 0s old)",
    "runpod: RunPod refused the key",
    "second: nothing is published yet",
  ]);
  assert.equal((await plugin.run("offers --strict")).code, 4);
  assert.deepEqual(await readSources(plugin), [
    ["lambda", "ok", null],
    ["paperspace", "failed", "no answer from api.paperspace.com within 20 s"],
    ["runpod", "failed", "RunPod refused the key"],
    ["second", "failed", "nothing is published yet"],
  ]);
});

Deno.test("offers says which offers nobody has read for long, and why", async () => {
  await using plugin = await PluginHarness.create();
  await publishCatalog(plugin.kube, buildCatalog("lambda", { readAt: start - 3_600_000 }));
  await publishCatalog(plugin.kube, buildCatalog("runpod"));
  await createClassOf(plugin.kube, "default", [entry("lambda"), entry("runpod")], {
    providers: [
      status("lambda", "ProviderDisabled", "The class says enabled: false"),
      // Its offers are fresh: that they cannot be bought, they say themselves.
      status("runpod", "NotJoinable", "containers"),
    ],
  });
  const { stderr } = await plugin.run("offers");
  assert.equal(stderr, "lambda: offers are 60m old: The class says enabled: false\n");
  assert.deepEqual((await readSources(plugin))[0], [
    "lambda",
    "stale",
    "The class says enabled: false",
  ]);
});

Deno.test("offers of several classes name the class of who did not answer", async () => {
  await using plugin = await PluginHarness.create();
  await publishCatalog(plugin.kube, buildCatalog("lambda"));
  await createClassOf(plugin.kube, "default", [entry("lambda")]);
  await createClassOf(plugin.kube, "other", [entry("lambda")]);
  const { stderr } = await plugin.run("offers");
  assert.equal(stderr, "other/lambda: nothing is published yet\n");
});

Deno.test("offers are shown to those who may not see classes", async () => {
  await using plugin = await PluginHarness.create();
  await publishCatalog(plugin.kube, buildCatalog("lambda"));
  await createClassOf(plugin.kube, "default", [entry("lambda"), entry("runpod")]);
  plugin.forbidden.add("gpunodeclasses");
  const { code, stdout, stderr } = await plugin.run("offers");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /A10-24GB/);
});

Deno.test("offers of which none was read says what every account suffers from", async () => {
  await using plugin = await PluginHarness.create();
  await createClassOf(plugin.kube, "default", [entry("lambda"), entry("runpod")], {
    providers: ["lambda", "runpod"].map((name) =>
      status(name, "CredentialsRejected", `${name} refused the key`)
    ),
  });
  const { code, stdout, stderr } = await plugin.run("offers");
  assert.deepEqual([code, stdout], [5, ""]);
  assert.equal(
    stderr,
    "error: no cloud answered\n" +
      "       lambda: lambda refused the key\n" +
      "       runpod: runpod refused the key\n",
  );
});

const containers = "it rents containers";

Deno.test("offers that could not join are marked, explained once, and never first", async () => {
  await using plugin = await PluginHarness.create();
  const offer = (perHour: string, notJoinable?: string, region: string | undefined = "us-east-1") =>
    buildOffer({
      gpu: "RTX-PRO-6000-SERVER-96GB",
      count: 1,
      perHour,
      region,
      account: `a${perHour}`,
      ...(notJoinable === undefined ? {} : { notJoinable }),
    });
  await publishCatalog(
    plugin.kube,
    buildCatalog("lambda", {
      offers: [offer("1.00", containers), offer("2.00", containers), offer("3.00")],
    }),
  );
  const { stdout, stderr } = await plugin.run("offers", { columns: 80 });
  const rows = stdout.trimEnd().split("\n").map((line) => line.split(/ {3,}/));
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
  assert.deepEqual(rows.map((row) => row.slice(-4)), [
    ["$/GPU-H", "$/H", "STOCK", "NOTE"],
    ["lambda", "3.00", "3.00", "yes"],
    ["1.00", "1.00", "yes", "[1]"],
    ["2.00", "2.00", "yes", "[1]"],
  ]);
  assert.match(stderr, /^\[1\] could not join the cluster: it rents containers$/m);
  assert.equal(stderr.match(/it rents containers/g)?.length, 1);
  const wide = await plugin.run("offers -o wide");
  assert.match(wide.stdout, /it rents containers\n/);
  assert.ok(!wide.stderr.includes("[1]"));
  const { items } = JSON.parse((await plugin.run("offers -o json --sort-by price")).stdout);
  assert.deepEqual(items.map(({ block }: { block: unknown }) => block), [
    containers,
    containers,
    null,
  ]);
  assert.match((await plugin.run("offers --sort-by price")).stdout, / 1\.00 .*\[1\]/);
  assert.equal((await plugin.run("offers --available -o name")).stdout.split("\n").length, 2);
});

Deno.test("offers without anything to note have no column for it", async () => {
  await using plugin = await PluginHarness.create();
  await publishCatalog(plugin.kube, buildCatalog("lambda"));
  assert.ok(!(await plugin.run("offers")).stdout.includes("NOTE"));
});
