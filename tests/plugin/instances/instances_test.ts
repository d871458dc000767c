import assert from "node:assert/strict";
import { readClusterId } from "../../../kube/cluster_id.ts";
import { cloudNames, PluginClouds } from "../../support/plugin_clouds.ts";
import { PluginHarness } from "../../support/plugin_harness.ts";
import { rentMachine } from "../../support/plugin_machines.ts";
import { createClaim, createClassOf } from "../../support/plugin_objects.ts";

interface Bench {
  readonly plugin: PluginHarness;
  readonly clouds: PluginClouds;
  readonly clusterId: string;
  rent(cloud: string, name: string): Promise<string>;
}

async function withBench(run: (bench: Bench) => Promise<void>): Promise<void> {
  await using plugin = await PluginHarness.create();
  const clouds = new PluginClouds(plugin);
  await clouds.createClass();
  const clusterId = await readClusterId(plugin.kube);
  await run({
    plugin,
    clouds,
    clusterId,
    rent: (cloud, name) => rentMachine(clouds, plugin.clock, cloud, name),
  });
  assert.equal(plugin.openConnections, 0);
  assert.equal(plugin.clock.sleeping, 0, "something still waits");
}

Deno.test("instances tells claims, orphans, other clusters and nobody's apart, at every cloud", () =>
  withBench(async ({ plugin, clouds, clusterId, rent }) => {
    const kept = `tgp-${clusterId}-train-aaaaaa`;
    await createClaim(plugin.kube, kept, "train");
    const owners = new Map<string, string>();
    for (const cloud of cloudNames) {
      owners.set(await rent(cloud, kept), "claim");
      owners.set(await rent(cloud, `tgp-${clusterId}-train-bbbbbb`), "orphan");
      owners.set(await rent(cloud, "tgp-zzz999-train-cccccc"), "cluster");
    }
    const { code, stdout, stderr } = await clouds.run("instances -o json");
    assert.deepEqual([code, stderr], [0, ""]);
    const { kind, items, metadata } = JSON.parse(stdout);
    assert.equal(kind, "InstanceList");
    assert.deepEqual(metadata.sources.map(({ state }: { state: string }) => state), [
      ...cloudNames.map(() => "ok"),
    ]);
    const found = new Map<string, string>(
      items.map(({ id, owner }: { id: string; owner: { kind: string } }) => [id, owner.kind]),
    );
    for (const [id, owner] of owners) assert.equal(found.get(id), owner);
    const orphan = items.find(({ owner }: { owner: { kind: string } }) => owner.kind === "orphan");
    assert.deepEqual(Object.keys(orphan), [
      ...["class", "account", "provider", "id", "name", "owner", "state", "nativeState"],
      ...["instanceType", "location", "price", "providerID", "addresses", "launchedAt"],
      "ageSeconds",
    ]);
    assert.match(orphan.price.perInstanceHour, /^\d+\.\d{2,6}$/);
    const table = await clouds.run("instances");
    assert.match(table.stdout, /^NAME +ACCOUNT +ID +STATE +\$\/H +OWNER +AGE +TYPE +REGION\n/);
    assert.match(table.stdout, /^tgp-zzz999-train-cccccc +default\/lambda .* cluster zzz999 /m);
    const narrow = await clouds.run("instances", { columns: 80 });
    for (const line of narrow.stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.match(narrow.stdout, /^tgp-\S+ +.* orphan/m);
    assert.match(narrow.stderr, /^9 machines, \d+\.\d\d US dollars per hour$/m);
  }));

Deno.test("instances --orphans exits 3 when something runs on, and 0 when nothing does", () =>
  withBench(async ({ plugin, clouds, clusterId, rent }) => {
    const name = `tgp-${clusterId}-train-aaaaaa`;
    await rent("lambda", name);
    const found = await clouds.run("instances --orphans -o name");
    assert.equal(found.code, 3);
    assert.match(found.stdout, /^default\/lambda\/[0-9a-f]{32}\n$/);
    await createClaim(plugin.kube, name, "train");
    const none = await clouds.run("instances --orphans");
    assert.deepEqual([none.code, none.stdout], [0, ""]);
    assert.match(none.stderr, /^No orphans/);
  }));

Deno.test("instances lists what answers, and says what does not", () =>
  withBench(async ({ clouds, rent }) => {
    await rent("lambda", "tgp-zzz999-train-cccccc");
    clouds.hanging.add("paperspace");
    const some = await clouds.run("instances");
    assert.equal(some.code, 0);
    assert.match(some.stdout, /^tgp-zzz999-/m);
    assert.match(some.stderr, /^default\/paperspace: cannot be listed: no complete answer within/m);
    assert.equal((await clouds.run("instances --strict")).code, 4);
    const { code, stderr } = await clouds.run("instances --orphans --strict");
    assert.equal(code, 4);
    assert.match(stderr, /^No orphans in the accounts that could be listed\.$/m);
    for (const name of cloudNames) clouds.hanging.add(name);
    const none = await clouds.run("instances");
    assert.deepEqual([none.code, none.stdout], [1, ""]);
    assert.match(none.stderr, /^error: no account could be listed\n +default\/lambda: /);
  }));

Deno.test("instances asks an account once, however many entries mean it", () =>
  withBench(async ({ plugin, clouds, rent }) => {
    await createClassOf(plugin.kube, "second", [{
      name: "lambda",
      credentialsRef: { name: "cloud-keys", key: "lambda" },
      lambda: { sshKeyName: "tgp" },
    }]);
    await rent("lambda", "tgp-zzz999-train-cccccc");
    assert.equal(JSON.parse((await clouds.run("instances -o json")).stdout).items.length, 1);
    const other = await clouds.run("instances second -o name");
    assert.match(other.stdout, /^second\/lambda\//);
  }));

Deno.test("instances --local shows the cluster of each machine, without a cluster", async () => {
  await using plugin = await PluginHarness.create({ installed: false });
  const clouds = new PluginClouds(plugin);
  await rentMachine(clouds, plugin.clock, "runpod", "tgp-abc123-train-q7x2k9");
  const { code, stdout } = await clouds.run("instances --local --no-headers");
  assert.equal(code, 0);
  assert.match(stdout, /^tgp-abc123-train-q7x2k9 +runpod .* cluster abc123 /);
  assert.equal(plugin.lastFlags, undefined);
  const named = await clouds.run("instances --local lambda");
  assert.match(named.stderr, /^No machines in these accounts/);
});

Deno.test("instances of those who may not read the keys exits 5 and says what is missing", () =>
  withBench(async ({ plugin, clouds }) => {
    plugin.forbidden.add("secrets");
    const { code, stderr } = await clouds.run("instances");
    assert.equal(code, 5);
    assert.match(stderr, /you may not read Secret tgp-system\/cloud-keys: ask for get on it/);
  }));
