import assert from "node:assert/strict";
import { configMaps } from "../../../kube/resource.ts";
import type { Catalog } from "../../../providers/catalog/catalog.ts";
import { buildOffer, publishCatalog } from "../../support/plugin_offers.ts";
import { PluginHarness } from "../../support/plugin_harness.ts";

const start = Date.UTC(2026, 0, 1);

const catalog: Catalog = {
  nodeClass: "default",
  account: "lambda",
  provider: "lambda",
  readAt: start,
  source: { state: "ok" },
  offers: [
    buildOffer({ gpu: "H100-SXM5-80GB", count: 8, perHour: "23.92", region: "us-south-2" }),
    buildOffer({ gpu: "H100-PCIE-80GB", count: 1, perHour: "2.49", region: "us-west-3" }),
    buildOffer({ gpu: "A10-24GB", count: 1, perHour: "0.75", region: "us-east-1" }),
    buildOffer({ gpu: "A6000-48GB", count: 1, perHour: "0.80", region: undefined }),
  ],
};

async function withOffers(
  published: readonly Catalog[],
  run: (plugin: PluginHarness) => Promise<void>,
  shardBytes?: number,
): Promise<void> {
  await using plugin = await PluginHarness.create();
  for (const one of published) await publishCatalog(plugin.kube, one, shardBytes);
  await run(plugin);
  assert.equal(plugin.openConnections, 0);
}

Deno.test("offers lists what the controller published: what can be bought first, cheapest GPU first", () =>
  withOffers([catalog], async (plugin) => {
    await plugin.clock.advance(40_000);
    const { code, stdout, stderr } = await plugin.run("offers");
    assert.deepEqual([code, stderr], [0, ""]);
    const rows = stdout.trimEnd().split("\n").map((line) => line.split(/ {3,}/));
    assert.deepEqual(rows.map((row) => row.slice(1)), [
      ["GPU", "QTY", "PROVIDER", "REGION", "CAPACITY", "$/GPU-H", "$/H", "STOCK", "SEEN"],
      ["A10-24GB", "1", "lambda", "us-east-1", "on-demand", "0.75", "0.75", "yes", "40s"],
      ["H100-PCIE-80GB", "1", "lambda", "us-west-3", "on-demand", "2.49", "2.49", "yes", "40s"],
      ["H100-SXM5-80GB", "8", "lambda", "us-south-2", "on-demand", "2.99", "23.92", "yes", "40s"],
      ["A6000-48GB", "1", "lambda", "?", "on-demand", "0.80", "0.80", "none", "40s"],
    ]);
  }));

Deno.test("offers -o name, yaml and wide", () =>
  withOffers([catalog], async (plugin) => {
    const names = (await plugin.run("offers H100 -o name")).stdout;
    assert.match(names, /^offer\/of-[a-z2-7]{8}\noffer\/of-[a-z2-7]{8}\n$/);
    const yaml = (await plugin.run("offers A10 -o yaml")).stdout;
    assert.match(yaml, /^apiVersion: plugin\.tgp\.io\/v1\nkind: OfferList\n/);
    assert.match(yaml, /perInstanceHour: '0\.75'/);
    assert.match((await plugin.run("offers -o wide --no-headers")).stdout, /^of-.* 24GB .* 225Gi/);
  }));

Deno.test("offers puts the parts of a large catalog together", () =>
  withOffers([catalog], async (plugin) => {
    const { items } = JSON.parse((await plugin.run("offers -o json")).stdout);
    assert.equal(items.length, 4);
  }, 64));

Deno.test("offers of several accounts are one list, and a cloud that failed is named", () =>
  withOffers([
    catalog,
    {
      ...catalog,
      account: "second",
      readAt: start - 3_600_000,
      source: { state: "failed", kind: "transient", message: "timed out", at: start },
      offers: [
        buildOffer({
          gpu: "A10-24GB",
          count: 1,
          perHour: "0.60",
          region: "us-west-1",
          account: "second",
        }),
      ],
    },
  ], async (plugin) => {
    const { code, stdout, stderr } = await plugin.run("offers A10");
    assert.equal(code, 0);
    assert.equal(stdout.trimEnd().split("\n").length, 3);
    assert.equal(stderr, "second: timed out (offers shown are 60m old)\n");
    assert.equal((await plugin.run("offers A10 --strict")).code, 4);
    const { metadata } = JSON.parse((await plugin.run("offers -o json")).stdout);
    assert.deepEqual(
      metadata.sources.map(({ account, state, age }: Record<string, unknown>) => [
        ...[account, state, age],
      ]),
      [["lambda", "ok", 0], ["second", "failed", 3600]],
    );
  }));

Deno.test("offers shows a suspect price, marked, after what can be bought", () =>
  withOffers([{
    ...catalog,
    offers: [
      ...catalog.offers,
      buildOffer({
        gpu: "B200-180GB",
        count: 1,
        perHour: "0.01",
        region: "us-east-1",
        suspect: "less than 5 % of the median",
      }),
    ],
  }], async (plugin) => {
    const { stdout } = await plugin.run("offers -o wide");
    assert.match(stdout, /B200-180GB.* 0\.01 \? .*less than 5 % of the median\n$/);
  }));

Deno.test("offers without any published says where it looked and what to try", async () => {
  await using plugin = await PluginHarness.create();
  const { code, stderr } = await plugin.run("offers --controller-namespace elsewhere");
  assert.equal(code, 1);
  assert.match(stderr, /^error: no published offers in namespace elsewhere\n/);
  assert.match(stderr, /--controller-namespace; without a controller: --local/);
});

Deno.test("offers that cannot be decoded are a failed source, not a crash", () =>
  withOffers([catalog], async (plugin) => {
    await plugin.kube.patch(configMaps, {
      name: "tgp-offers-default.lambda",
      namespace: "tgp-system",
    }, { binaryData: { "catalog.json.gz": "AAAA" } });
    const { code, stderr } = await plugin.run("offers");
    assert.equal(code, 1);
    assert.match(stderr, /^error: no cloud answered: .*tgp-offers-default.lambda/);
  }));

Deno.test("offers --class shows the offers of that class, and fails where there are none", () => {
  const [offer] = catalog.offers;
  const other = {
    ...catalog,
    nodeClass: "other",
    offers: offer ? [{ ...offer, id: "of-otherone" }] : [],
  };
  return withOffers([catalog, other], async (plugin) => {
    const all = await plugin.run("offers -o name");
    assert.equal(all.stdout.trimEnd().split("\n").length, 5);
    const one = await plugin.run("offers --class other -o name");
    assert.deepEqual([one.code, one.stdout], [0, "offer/of-otherone\n"]);
    const none = await plugin.run("offers --class nothing");
    assert.notEqual(none.code, 0);
    assert.match(none.stderr, /no published offers of class "nothing"/);
  });
});
