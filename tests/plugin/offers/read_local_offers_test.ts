import assert from "node:assert/strict";
import { cloudNames, PluginClouds } from "../../support/plugin_clouds.ts";
import { PluginHarness } from "../../support/plugin_harness.ts";

async function withClouds(
  run: (clouds: PluginClouds, plugin: PluginHarness) => Promise<void>,
): Promise<void> {
  await using plugin = await PluginHarness.create({ installed: false });
  await run(new PluginClouds(plugin), plugin);
  assert.equal(plugin.clock.sleeping, 0, "something still waits");
}

interface Source {
  readonly account: string;
  readonly state: string;
  readonly error: string | null;
}

Deno.test("offers --local asks every cloud that has a key, and merges what they say in one order", () =>
  withClouds(async (clouds) => {
    const { code, stdout, stderr } = await clouds.run("offers --local -o json");
    assert.deepEqual([code, stderr], [0, ""]);
    const { items, metadata } = JSON.parse(stdout);
    assert.deepEqual(
      metadata.sources.map(({ account, state }: Source) => [account, state]),
      cloudNames.map((name) => [name, "ok"]),
    );
    const providers = new Set(items.map(({ provider }: { provider: string }) => provider));
    assert.deepEqual([...providers].sort(), cloudNames);
    // What can be bought now, cheapest GPU first; never one that could not join.
    const buyable = items.filter((
      item: { stock: { level: string }; block: unknown; gpu: unknown },
    ) => item.stock.level === "available" && item.block === null && item.gpu !== null);
    assert.deepEqual(items.slice(0, buyable.length), buyable);
    const prices = buyable.map(({ price }: { price: { perGPUHour: string } }) =>
      Number(price.perGPUHour)
    );
    assert.deepEqual(prices, [...prices].sort((left, right) => left - right));
  }));

for (const name of cloudNames) {
  Deno.test(`offers --local returns within the call timeout while ${name} hangs, and says so`, () =>
    withClouds(async (clouds, plugin) => {
      clouds.hanging.add(name);
      const start = plugin.clock.now();
      const { code, stdout, stderr } = await clouds.run("offers --local --limit 0");
      assert.ok(plugin.clock.now() - start <= 31_000);
      assert.equal(code, 0);
      assert.match(
        stderr,
        new RegExp(
          `^${name}: no complete answer within 30s; check the network, or TGP_${name.toUpperCase()}_URL$`,
          "m",
        ),
      );
      for (const cloud of cloudNames) {
        assert.equal(stdout.includes(` ${cloud} `), cloud !== name, cloud);
      }
    }));
}

Deno.test("offers --local -o json names the cloud that hangs, and --strict counts it", () =>
  withClouds(async (clouds) => {
    clouds.hanging.add("lambda");
    const { code, stdout, stderr } = await clouds.run("offers --local --strict -o json");
    assert.equal(code, 4);
    const source = JSON.parse(stdout).metadata.sources.find(({ account }: Source) =>
      account === "lambda"
    );
    assert.equal(source.state, "failed");
    assert.match(source.error, /^no complete answer within 30s/);
    assert.match(stderr, /^lambda: no complete answer/m);
  }));

Deno.test("offers --local shows what the others sell when one refuses the key", () =>
  withClouds(async (clouds) => {
    clouds.keys.set("lambda", "canary_wrong_key_0123456789");
    const { code, stdout, stderr } = await clouds.run("offers --local --limit 0");
    assert.equal(code, 0);
    assert.match(stderr, /^lambda: \S/m);
    for (const name of cloudNames) assert.equal(stdout.includes(` ${name} `), name !== "lambda");
    assert.ok(!`${stdout}${stderr}`.includes("canary"));
  }));

Deno.test("offers --local --provider asks that cloud alone, so that no other delays it", () =>
  withClouds(async (clouds, plugin) => {
    for (const name of cloudNames) {
      clouds.hanging.clear();
      for (const other of cloudNames) if (other !== name) clouds.hanging.add(other);
      const start = plugin.clock.now();
      const words = `offers --local --provider ${name.toUpperCase()} -o json`;
      const { code, stdout, stderr } = await clouds.run(words);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.ok(plugin.clock.now() - start <= 10_000, name);
      const { items, metadata } = JSON.parse(stdout);
      assert.deepEqual(metadata.sources.map(({ account }: Source) => account), [name]);
      assert.ok(items.length > 0);
    }
    clouds.hanging.clear();
    const { stdout } = await clouds.run("offers --local --provider !lambda -o json");
    const { sources } = JSON.parse(stdout).metadata;
    assert.deepEqual(
      sources.map(({ account }: Source) => account),
      cloudNames.filter((name) => name !== "lambda"),
    );
  }));

Deno.test("offers --local --provider says when that cloud has no key, instead of offering others", () =>
  withClouds(async (clouds) => {
    clouds.keys.delete("paperspace");
    const { code, stdout, stderr } = await clouds.run(
      "offers --local --provider lambda,paperspace",
    );
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /there is no API key for "paperspace" in the environment: only lambda, /);
  }));

Deno.test("offers --local gives every cloud that failed a line of its own", () =>
  withClouds(async (clouds) => {
    clouds.keys.set("lambda", "two\nlines");
    clouds.keys.set("runpod", "schlüssel");
    const { code, stdout, stderr } = await clouds.run("offers --local --provider lambda,runpod");
    assert.deepEqual([code, stdout], [5, ""]);
    assert.match(stderr, /^error: no cloud answered$/m);
    assert.match(stderr, /^ +lambda: .*line break/m);
    assert.match(stderr, /^ +runpod: .*not printable ASCII/m);
  }));
