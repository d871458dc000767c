import assert from "node:assert/strict";
import { createPublishedOffers } from "../../../../controller/admission/context/published_offers.ts";
import { configMaps } from "../../../../kube/resource.ts";
import type { Catalog } from "../../../../providers/catalog/catalog.ts";
import { type CatalogShard, encodeCatalog } from "../../../../providers/catalog/codec.ts";
import type { Offer } from "../../../../providers/contract.ts";
import { ControllerWorld, testNamespace } from "../../../support/controller_world.ts";
import { buildOffer } from "../../../support/scheduling.ts";

/** A copy that follows the cluster. */
async function startCopy() {
  const world = await ControllerWorld.create();
  const stop = new AbortController();
  const published = createPublishedOffers(world, testNamespace);
  const running = published.run(stop.signal);
  await world.clock.settle();
  return {
    world,
    published,
    idsOf: (nodeClass = "default") => published.ofClass(nodeClass).map(({ id }) => id),
    async write(shards: readonly CatalogShard[]) {
      for (const { name, data, binaryData } of shards) {
        await world.kube.apply(configMaps, {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: {
            name,
            namespace: testNamespace,
            labels: { "tgp.io/node-class": "default" },
          },
          ...{ data, binaryData },
        }, { fieldManager: "test", force: true });
      }
      await world.clock.settle();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      world[Symbol.dispose]();
    },
  };
}

function toCatalog(account: string, offers: readonly Offer[], nodeClass = "default"): Catalog {
  return { nodeClass, account, provider: account, readAt: 0, source: { state: "ok" }, offers };
}

Deno.test("createPublishedOffers() knows what every account of a class has published", async () => {
  await using copy = await startCopy();
  assert.equal(copy.published.hasSynced(), true);
  assert.deepEqual(copy.idsOf(), []);
  await copy.write(encodeCatalog(toCatalog("lambda", [buildOffer("of-b", { price: "2.00" })])));
  await copy.write(encodeCatalog(toCatalog("paperspace", [buildOffer("of-a", { price: "1.00" })])));
  assert.deepEqual(copy.idsOf(), ["of-a", "of-b"]);
  assert.deepEqual(copy.idsOf("another"), []);
});

Deno.test("createPublishedOffers() gives the same list until something is published anew", async () => {
  await using copy = await startCopy();
  await copy.write(encodeCatalog(toCatalog("lambda", [buildOffer("of-a")])));
  const before = copy.published.ofClass("default");
  assert.equal(copy.published.ofClass("default"), before);
  await copy.write(encodeCatalog(toCatalog("lambda", [buildOffer("of-a"), buildOffer("of-b")])));
  assert.notEqual(copy.published.ofClass("default"), before);
  assert.deepEqual(copy.idsOf(), ["of-a", "of-b"]);
  await copy.world.kube.delete(configMaps, {
    name: "tgp-offers-default.lambda",
    namespace: testNamespace,
  });
  await copy.world.clock.settle();
  assert.deepEqual(copy.idsOf(), []);
});

Deno.test("createPublishedOffers() keeps the last reading while a catalog is written part by part", async () => {
  await using copy = await startCopy();
  const offers = (prefix: string) =>
    Array.from({ length: 40 }, (_, index) => buildOffer(`${prefix}-${index}`));
  const first = encodeCatalog(toCatalog("lambda", offers("old")), 400);
  const second = encodeCatalog(toCatalog("lambda", offers("new")), 400);
  assert.ok(second.length > 1, "one part is no test");
  await copy.write(first);
  assert.ok(copy.idsOf().every((id) => id.startsWith("old")));
  await copy.write(second.slice(0, 1));
  assert.ok(copy.idsOf().every((id) => id.startsWith("old")));
  await copy.write(second.slice(1));
  assert.ok(copy.idsOf().every((id) => id.startsWith("new")));
  assert.equal(copy.idsOf().length, 40);
});

Deno.test("createPublishedOffers() forgets what an account offered that is no longer published", async () => {
  await using copy = await startCopy();
  const offers = Array.from({ length: 40 }, (_, index) => buildOffer(`of-${index}`));
  const parts = encodeCatalog(toCatalog("lambda", offers), 400);
  await copy.write(parts);
  assert.equal(copy.idsOf().length, 40);
  for (const { name } of parts) {
    await copy.world.kube.delete(configMaps, { name, namespace: testNamespace });
  }
  await copy.world.clock.settle();
  await copy.write(parts.slice(0, 1));
  assert.deepEqual(copy.idsOf(), []);
});

Deno.test("createPublishedOffers() passes over ConfigMaps that are no catalogs", async () => {
  await using copy = await startCopy();
  await copy.write([
    { name: "tgp-decisions-default", data: { x: "1" }, binaryData: {} },
    { name: "tgp-offers-default.lambda", data: { part: "1", parts: "1" }, binaryData: {} },
  ]);
  assert.deepEqual(copy.idsOf(), []);
});
