import assert from "node:assert/strict";
import { createOfferScope } from "../../../controller/accounts/offer_scope.ts";
import { simInstanceTypes } from "../../../sim/clouds/lambda/catalog.ts";
import type { LambdaCloud } from "../../../sim/clouds/lambda/lambda_cloud.ts";
import { createLambdaCloud, defaultLambdaKey } from "../../../sim/clouds/lambda/mod.ts";
import { createInProcessFetch } from "../../../sim/in_process_fetch.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import { findRegistration, providerNames } from "../../../providers/registry.ts";
import { buildOffer } from "../../support/controller_builders.ts";
import { PluginHarness, type PluginResult } from "../../support/plugin_harness.ts";

/** A plugin without a cluster, and a cloud. */
async function withCloud(
  run: (
    offers: (words: string, columns?: number) => Promise<PluginResult>,
    cloud: LambdaCloud,
  ) => Promise<void>,
  key = defaultLambdaKey,
): Promise<void> {
  await using plugin = await PluginHarness.create({ installed: false });
  const { clock } = plugin;
  const cloud = createLambdaCloud({
    clock,
    random: createSeededRandom(5),
    apiKeys: [defaultLambdaKey],
  });
  const fetch = createInProcessFetch(cloud.handler);
  const env = { LAMBDA_API_KEY: key, TGP_LAMBDA_URL: "http://lambda.test" };
  const offers = async (words: string, columns?: number) => {
    const running = plugin.run(`offers --local ${words}`, {
      env,
      fetch,
      ...(columns === undefined ? {} : { columns }),
    });
    let done = false;
    running.finally(() => done = true);
    while (!done) await clock.advance(1_000);
    return await running;
  };
  await run(offers, cloud);
  assert.equal(clock.sleeping, 0, "something still waits");
}

Deno.test("offers --local -o json is the cloud's stock, price by price", () =>
  withCloud(async (offers, cloud) => {
    const { code, stdout, stderr } = await offers("-o json");
    assert.deepEqual([code, stderr], [0, ""]);
    const { items, metadata, kind, apiVersion } = JSON.parse(stdout);
    assert.deepEqual([apiVersion, kind], ["plugin.tgp.io/v1", "OfferList"]);
    const listed = new Map<string, string[]>();
    for (const { nativeRef, location, stock, price, gpu, host } of items) {
      const type = simInstanceTypes.get(nativeRef);
      assert.ok(type, nativeRef);
      assert.equal(Number(price.perInstanceHour), type.price_cents_per_hour / 100);
      assert.equal(gpu?.count ?? 0, type.specs.gpus);
      assert.equal(host.cpu, type.specs.vcpus);
      assert.equal(host.memoryGiB, type.specs.memory_gib);
      assert.equal(stock.level === "available", location.native !== null);
      const regions = location.native === null ? [] : [location.native];
      listed.set(nativeRef, [...listed.get(nativeRef) ?? [], ...regions].sort());
    }
    const stocked = Object.entries(cloud.stock());
    for (const name of simInstanceTypes.keys()) {
      const regions = Object.keys(stocked.find(([type]) => type === name)?.[1] ?? {});
      assert.deepEqual(listed.get(name), regions.sort(), name);
    }
    const { total, matched, shown } = metadata.counts;
    assert.deepEqual([total, matched, shown], [items.length, items.length, items.length]);
    assert.equal(metadata.sources.length, 1);
    assert.deepEqual(metadata.sources[0], {
      provider: "lambda",
      account: "lambda",
      class: null,
      state: "ok",
      age: 0,
      error: null,
    });
  }));

Deno.test("offers --local -o json has the names that scripts were promised", () =>
  withCloud(async (offers) => {
    const { items, metadata } = JSON.parse((await offers("H100 -o json")).stdout);
    const [item] = items;
    assert.deepEqual(Object.keys(item), [
      ...["id", "gpu", "host", "provider", "account", "location", "capacityType", "price"],
      ...["stock", "history", "block", "nativeRef"],
    ]);
    assert.deepEqual(Object.keys(item.gpu), [
      ...["model", "count", "vramGB", "formFactor", "arch", "computeCapability"],
    ]);
    assert.deepEqual(Object.keys(item.host), ["cpu", "memoryGiB", "diskGB", "arch", "cuda"]);
    assert.deepEqual(Object.keys(item.location), [
      ...["native", "zone", "country", "subdivision", "continent"],
    ]);
    assert.deepEqual(Object.keys(item.price), [
      ...["perInstanceHour", "perGPUHour", "currency", "source", "age", "suspect"],
    ]);
    assert.deepEqual(Object.keys(item.stock), ["signal", "level"]);
    assert.deepEqual(Object.keys(item.history), [
      ...["attempts24h", "successes24h", "evictions24h", "bootP50Seconds"],
    ]);
    assert.deepEqual(Object.keys(metadata), ["generatedAt", "sources", "query", "counts"]);
    assert.match(item.price.perInstanceHour, /^\d+\.\d{2,6}$/);
  }));

Deno.test("offers --local filters, sorts, limits, and counts what it leaves out", () =>
  withCloud(async (offers) => {
    const ids = async (words: string) => {
      const { stdout } = await offers(`${words} -o json`);
      return JSON.parse(stdout).items;
    };
    for (const { gpu } of await ids("H100:8")) {
      assert.equal(gpu.count, 8);
      assert.match(gpu.model, /^H100-/);
    }
    for (const { gpu } of await ids("80GB..")) assert.ok(gpu.vramGB >= 80);
    for (const { stock } of await ids("--available")) assert.equal(stock.level, "available");
    for (const { location } of await ids("--region us-east-1")) {
      assert.equal(location.native, "us-east-1");
    }
    for (const { location } of await ids("--country !us")) assert.notEqual(location.country, "us");
    for (const { price } of await ids("--price ..2")) assert.ok(Number(price.perGPUHour) <= 2);
    const prices = (await ids("--sort-by price")).map(
      ({ price }: { price: { perInstanceHour: string } }) => Number(price.perInstanceHour),
    );
    assert.deepEqual(prices, [...prices].sort((left, right) => left - right));
    const reversed = await ids("--sort-by -price");
    assert.equal(Number(reversed[0].price.perInstanceHour), prices.at(-1));

    const table = await offers("--limit 3");
    assert.equal(table.stdout.trimEnd().split("\n").length, 4);
    assert.match(table.stderr, new RegExp(`^${prices.length - 3} more: --limit 0$`, "m"));
  }));

Deno.test("offers --local fits the terminal and says which columns it dropped", () =>
  withCloud(async (offers) => {
    const { stdout, stderr } = await offers("--limit 5", 80);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.match(stdout, /^GPU +QTY +PROVIDER +REGION +\$\/GPU-H +\$\/H +STOCK\n/);
    assert.match(
      stderr,
      /^\+3 columns \(ID, CAPACITY, SEEN\): widen the terminal, or use -o wide$/m,
    );
    const piped = await offers("--limit 5");
    assert.match(piped.stdout, /^ID .* \$\/H +STOCK +SEEN\n/);
  }));

Deno.test("offers --local says what removed everything, and the smallest changes", () =>
  withCloud(async (offers) => {
    const { code, stdout, stderr } = await offers("H100:8 --country de --price ..0.01");
    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(stderr, /^No offer passes all filters \(\d+ are known\)\.$/m);
    assert.match(stderr, /^ {2}FILTER +KEEPS +CHEAPEST IT REMOVED$/m);
    assert.match(stderr, /^ {2}--price \.\.0\.01 +0 +/m);
    const strict = await offers("H100:8 --price ..0.01 --fail-empty");
    assert.equal(strict.code, 3);
    assert.match(
      strict.stderr,
      /^Smallest changes that give an offer\n {2}--price \.\.\d+\.\d\d +\d+ +lambda /m,
    );
    const json = await offers("H100:8 --price ..0.01 -o json");
    assert.deepEqual(JSON.parse(json.stdout).items, []);
  }));

Deno.test("offers --local says which names an ambiguous model could mean", () =>
  withCloud(async (offers) => {
    const { code, stderr } = await offers("RTX6000");
    assert.equal(code, 2);
    assert.match(stderr, /^error: RTX6000 could be .*: write one of these names$/m);
  }));

Deno.test("offers --local without a key is wrong usage and names the variable", async () => {
  await using plugin = await PluginHarness.create({ installed: false });
  const { code, stderr } = await plugin.run("offers --local");
  assert.equal(code, 2);
  const variables = providerNames.map((name) => findRegistration(name).apiKeyVariable);
  assert.equal(
    stderr,
    `error: --local needs an API key in the environment: set ${variables.join(", ")}\n`,
  );
  // Help cannot ask the registry, which would make it slow.
  const { stdout } = await plugin.run("offers --help");
  for (const variable of variables) assert.ok(stdout.includes(variable), variable);
});

Deno.test("offers --local with a wrong key is not allowed, and never prints the key", () =>
  withCloud(async (offers) => {
    const { code, stdout, stderr } = await offers("");
    assert.deepEqual([code, stdout], [5, ""]);
    assert.match(stderr, /^error: no cloud answered: lambda: /);
    assert.ok(!stderr.includes("secret_wrong"), stderr);
  }, "secret_wrong_key_0123456789"));

Deno.test("offers --local gives up on a cloud that never answers", async () => {
  await using plugin = await PluginHarness.create({ installed: false });
  const running = plugin.run("offers --local", {
    env: { LAMBDA_API_KEY: "secret_key", TGP_LAMBDA_URL: "http://lambda.test" },
    fetch: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  for (let second = 0; second < 60; second++) await plugin.clock.advance(1_000);
  const { code, stderr } = await running;
  assert.equal(code, 1);
  assert.match(stderr, /^error: no cloud answered: lambda: /);
});

Deno.test("offers --local understands no HTML, and says so in one line", async () => {
  await using plugin = await PluginHarness.create({ installed: false });
  const running = plugin.run("offers --local", {
    env: { LAMBDA_API_KEY: "secret_key", TGP_LAMBDA_URL: "http://lambda.test" },
    fetch: () => Promise.resolve(new Response("<html>hello</html>", { status: 200 })),
  });
  let done = false;
  running.finally(() => done = true);
  while (!done) await plugin.clock.advance(1_000);
  const { code, stdout, stderr } = await running;
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
});

Deno.test("offers --local --class gives offers the ids that the class's controller publishes", () =>
  withCloud(async (offers) => {
    const read = async (words: string) => JSON.parse((await offers(`${words} -o json`)).stdout);
    const { items: plain } = await read("");
    const { items: ofClass, metadata } = await read("--class default");
    const publish = createOfferScope("default");
    const published = publish(plain.map(({ id }: { id: string }) => buildOffer({ id })));
    assert.deepEqual(
      ofClass.map(({ id }: { id: string }) => id).sort(),
      published.map(({ id }) => id).sort(),
    );
    assert.notDeepEqual(ofClass[0].id, plain[0].id);
    assert.equal(metadata.sources[0].class, "default");
  }));
