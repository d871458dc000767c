import assert from "node:assert/strict";
import { cloudNames, PluginClouds } from "../../support/plugin_clouds.ts";
import {
  PluginHarness,
  type PluginResult,
  type PluginRunOptions,
} from "../../support/plugin_harness.ts";
import { rentMachine } from "../../support/plugin_machines.ts";

interface Bench {
  readonly plugin: PluginHarness;
  readonly clouds: PluginClouds;
  rent(cloud: string, name: string): Promise<string>;
  run(words: string, options?: PluginRunOptions): Promise<PluginResult>;
  /** Names of the machines that `instances` still shows, with their clusters. */
  left(): Promise<readonly string[]>;
}

/** No cluster: whoever connects fails. */
async function withBench(run: (bench: Bench) => Promise<void>): Promise<void> {
  await using plugin = await PluginHarness.create({ installed: false });
  plugin.connectError = new Error("the cluster is gone");
  const clouds = new PluginClouds(plugin);
  await run({
    plugin,
    clouds,
    rent: (cloud, name) => rentMachine(clouds, plugin.clock, cloud, name),
    run: (words, options) => clouds.run(`teardown --local ${words}`, options),
    async left() {
      const { stdout } = await clouds.run("instances --local -o json");
      const items: readonly { readonly name: string; readonly state: string }[] =
        JSON.parse(stdout).items;
      return items.filter(({ state }) => !/^terminat/.test(state)).map(({ name }) => name);
    },
  });
  assert.equal(plugin.clock.sleeping, 0, "something still waits");
}

Deno.test("teardown --local ends one cluster's machines at every cloud, and no others", () =>
  withBench(async ({ rent, run, left }) => {
    for (const cloud of cloudNames) {
      await rent(cloud, "tgp-abc123-train-aaaaaa");
      await rent(cloud, "tgp-abc123-train-bbbbbb");
      await rent(cloud, "tgp-zzz999-train-cccccc");
    }
    // Here the name alone says whose it is.
    await rent("paperspace", "somebodys-own");
    const { code, stdout, stderr } = await run("--cluster abc123 --yes");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^tgp-abc123-train-aaaaaa +lambda /m);
    assert.doesNotMatch(stdout, /zzz999|somebodys-own/);
    assert.match(stderr, /^Left alone: 3 machines of cluster zzz999, 1 machine that TGP has not/m);
    const names = cloudNames.join(", ");
    assert.ok(
      stdout.endsWith(`6 machines ended. Nothing of cluster abc123 is left in ${names}.\n`),
      stdout,
    );
    assert.deepEqual(
      [...await left()].sort(),
      ["somebodys-own", ...cloudNames.map(() => "tgp-zzz999-train-cccccc")],
    );
  }));

Deno.test("teardown --local asks first, and shows what it costs", () =>
  withBench(async ({ rent, run, left }) => {
    await rent("lambda", "tgp-abc123-train-aaaaaa");
    const question = /^End 1 machine, 1\.29 US dollars per hour, of cluster abc123\? \[y\/N\]: /m;
    const no = await run("", { answers: ["n"] });
    assert.equal(no.code, 3);
    assert.match(no.stderr, question);
    assert.match(no.stderr, /^Nothing was changed\.$/m);
    const nobody = await run("");
    assert.equal(nobody.code, 2);
    assert.match(nobody.stderr, /stdin is no terminal\n +.*--dry-run=client, then add --yes/);
    assert.equal((await left()).length, 1);
    const yes = await run("", { answers: ["y"] });
    assert.equal(yes.code, 0, yes.stderr);
    assert.deepEqual(await left(), []);
  }));

Deno.test("teardown --local never guesses which of several clusters is meant", () =>
  withBench(async ({ rent, run, left }) => {
    await rent("lambda", "tgp-abc123-train-aaaaaa");
    await rent("paperspace", "tgp-zzz999-train-cccccc");
    for (const words of ["--yes", "--dry-run=client", ""]) {
      const { code, stdout, stderr } = await run(words);
      assert.equal(code, 2);
      assert.match(stdout, /^CLUSTER +COST +CLOUDS +OLDEST\nabc123 .*\nzzz999 /);
      assert.match(stderr, /several clusters: say whose shall end\n +.*one of abc123, zzz999\n/);
    }
    const wrong = await run("", { answers: ["abc124"] });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /no machine of a cluster "abc124"; nothing was changed/);
    assert.equal((await left()).length, 2);
    const { code } = await run("", { answers: ["zzz999", "y"] });
    assert.equal(code, 0);
    assert.deepEqual(await left(), ["tgp-abc123-train-aaaaaa"]);
  }));

Deno.test("teardown --local --dry-run=client shows and changes nothing", () =>
  withBench(async ({ rent, run, left }) => {
    await rent("runpod", "tgp-abc123-train-aaaaaa");
    const { code, stdout, stderr } = await run("--dry-run=client");
    assert.equal(code, 0);
    assert.match(stdout, /^tgp-abc123-train-aaaaaa /m);
    assert.match(stderr, /^Nothing was changed \(client dry run\)\.$/m);
    assert.equal((await left()).length, 1);
  }));

Deno.test("teardown --local of accounts without machines is done at once", () =>
  withBench(async ({ run }) => {
    const { code, stdout, stderr } = await run("--yes");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^No machine of any cluster's TGP in lambda, paperspace, runpod/);
  }));

Deno.test("teardown --local of a cluster named waits until a late machine would have appeared", () =>
  withBench(async ({ plugin, run }) => {
    const before = plugin.clock.now();
    const { code, stderr } = await run("--cluster abc123 --yes");
    assert.equal(code, 0);
    assert.match(stderr, /^lambda: nothing is left; looking again for \d+s, since a machine that/m);
    assert.ok(plugin.clock.now() - before >= 3 * 60_000);
  }));

Deno.test("teardown --local ends what it can, and is not done while a cloud is silent", () =>
  withBench(async ({ clouds, rent, run, left }) => {
    await rent("lambda", "tgp-abc123-train-aaaaaa");
    await rent("paperspace", "tgp-abc123-train-bbbbbb");
    clouds.hanging.add("paperspace");
    const { code, stderr, stdout } = await run("--yes --timeout 10m");
    assert.equal(code, 6, stderr);
    assert.doesNotMatch(stdout, /Nothing of cluster/);
    assert.match(stderr, /^paperspace: cannot be listed: no complete answer within 30s/m);
    assert.match(
      stderr,
      /the time is up: 1 machine ended; .*Run the same command again, with --cluster abc123/,
    );
    clouds.hanging.clear();
    assert.deepEqual(await left(), ["tgp-abc123-train-bbbbbb"]);
    assert.equal((await run("--yes")).code, 0);
    assert.deepEqual(await left(), []);
  }));

Deno.test("teardown --local with a key that is refused says so and is not done", () =>
  withBench(async ({ clouds, rent, run, left }) => {
    await rent("lambda", "tgp-abc123-train-aaaaaa");
    const right = clouds.keys.get("paperspace") ?? "";
    clouds.keys.set("paperspace", "wrong_9f8e7d6c5b4a39281706");
    const { code, stderr } = await run("--yes");
    assert.equal(code, 5, stderr);
    assert.match(stderr, /^paperspace: cannot be listed: .*401/m);
    clouds.keys.set("paperspace", right);
    assert.deepEqual(await left(), []);
  }));

Deno.test("teardown --local interrupted leaves a clear state", () =>
  withBench(async ({ clouds, rent, run }) => {
    await rent("lambda", "tgp-abc123-train-aaaaaa");
    clouds.hanging.add("runpod");
    const interruption = new AbortController();
    const running = run("--yes", { interrupted: interruption.signal });
    await Promise.resolve();
    interruption.abort(new Error("interrupted"));
    const { code, stderr } = await running;
    assert.equal(code, 1);
    assert.match(stderr, /^interrupted: .* Run the same command again, with --cluster abc123/m);
  }));

const mistakes: readonly (readonly [string, RegExp])[] = [
  ["--cluster prod-eu", /invalid argument "prod-eu" for --cluster: .*six characters/],
  ["--pool train", /takes no --pool/],
  ["--dry-run=server", /needs a cluster: with --local write --dry-run=client/],
  ["--dry-run=maybe", /it takes none, client, server/],
  ["--timeout soon", /invalid argument "soon" for --timeout: write a duration such as 15m/],
];

for (const [words, says] of mistakes) {
  Deno.test(`teardown --local ${words} is wrong usage`, () =>
    withBench(async ({ run }) => {
      const { code, stderr } = await run(words);
      assert.equal(code, 2);
      assert.match(stderr, says);
    }));
}
