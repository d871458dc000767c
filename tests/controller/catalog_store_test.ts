import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createCatalogStore } from "../../controller/catalog_store.ts";
import { configMaps } from "../../kube/resource.ts";
import type { Catalog } from "../../providers/catalog/catalog.ts";
import type { ConfigMap } from "../../schemas/kubernetes.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { buildOffer } from "../support/controller_builders.ts";
import { ControllerWorld, isWrite, never, testNamespace } from "../support/controller_world.ts";

const megabyte = 1024 * 1024;

function catalogOf(offers: Catalog["offers"], change: Partial<Catalog> = {}): Catalog {
  const source = { state: "ok" } as const;
  return {
    nodeClass: "default",
    account: "runpod",
    provider: "runpod",
    readAt: 0,
    source,
    offers,
    ...change,
  };
}

/** So many offers; each says something that does not compress, if asked. */
function manyOffers(count: number, noisyBytes = 0) {
  const random = createSeededRandom(5);
  const noise = () =>
    Buffer.from(Array.from({ length: noisyBytes }, () => random.next() * 256)).toString("base64");
  return Array.from({ length: count }, (_, index) =>
    buildOffer({
      id: `of-${index}`,
      instanceType: `type-${index % 44}`,
      location: { region: `region-${Math.floor(index / 44)}`, country: "us", continent: "na" },
      stock: `Low ${noise()}`,
    }));
}

async function sizes(world: ControllerWorld): Promise<Record<string, number>> {
  const { items } = await world.kube.list(configMaps, { namespace: testNamespace });
  return Object.fromEntries(
    items.map((item) => [item.metadata.name, JSON.stringify(item).length]),
  );
}

Deno.test("20,000 offers are published below what Kubernetes allows an object", async () => {
  using world = await ControllerWorld.create();
  await createCatalogStore(world.kube, testNamespace).save(catalogOf(manyOffers(20_000)), never);
  for (const size of Object.values(await sizes(world))) assert.ok(size < megabyte, String(size));
  const read = await createCatalogStore(world.kube, testNamespace).load("default", "runpod");
  assert.equal(read.length, 20_000);
});

for (const restarted of [false, true]) {
  const who = restarted ? "an earlier process" : "it";
  Deno.test(`a catalog that shrinks takes the parts with it that ${who} wrote`, async () => {
    using world = await ControllerWorld.create();
    let store = createCatalogStore(world.kube, testNamespace);
    await store.save(catalogOf(manyOffers(5_000, 400)), never);
    const large = await sizes(world);
    assert.deepEqual(Object.keys(large).sort(), [
      "tgp-offers-default.runpod",
      "tgp-offers-default.runpod.2",
      "tgp-offers-default.runpod.3",
    ]);
    for (const size of Object.values(large)) assert.ok(size < megabyte, String(size));
    if (restarted) store = createCatalogStore(world.kube, testNamespace);
    assert.equal((await store.load("default", "runpod")).length, 5_000);
    await store.save(catalogOf(manyOffers(3)), never);
    assert.deepEqual(Object.keys(await sizes(world)), ["tgp-offers-default.runpod"]);
    assert.equal((await store.load("default", "runpod")).length, 3);
  });
}

Deno.test("parts that could not be removed are removed with the next writing, and do not disturb readers", async () => {
  using world = await ControllerWorld.create();
  const store = createCatalogStore(world.kube, testNamespace);
  await store.save(catalogOf(manyOffers(5_000, 400)), never);
  world.onceBefore(
    isWrite("delete", "configmaps"),
    () => Response.json({ kind: "Status" }, { status: 500 }),
  );
  await assert.rejects(store.save(catalogOf(manyOffers(3)), never));
  assert.equal((await store.load("default", "runpod")).length, 3);
  await store.save(catalogOf(manyOffers(3)), never);
  assert.deepEqual(Object.keys(await sizes(world)), ["tgp-offers-default.runpod"]);
});

Deno.test("catalogs of two classes never share a name", async () => {
  using world = await ControllerWorld.create();
  const store = createCatalogStore(world.kube, testNamespace);
  await store.save(catalogOf(manyOffers(1), { nodeClass: "a-b", account: "c" }), never);
  await store.save(catalogOf(manyOffers(2), { nodeClass: "a", account: "b-c" }), never);
  assert.equal((await store.load("a-b", "c")).length, 1);
  assert.equal((await store.load("a", "b-c")).length, 2);
});

Deno.test("load() of what is not there, or no catalog, is empty", async () => {
  using world = await ControllerWorld.create();
  const store = createCatalogStore(world.kube, testNamespace);
  assert.deepEqual(await store.load("default", "runpod"), []);
  const odd: ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "tgp-offers-default.runpod", namespace: testNamespace },
    data: { part: "1", parts: "1", digest: "x" },
  };
  await world.kube.create(configMaps, odd);
  assert.deepEqual(await store.load("default", "runpod"), []);
});

for (const restarted of [false, true]) {
  const who = restarted ? "an earlier process" : "it";
  Deno.test(`remove() takes every part that ${who} wrote, and no other account's`, async () => {
    using world = await ControllerWorld.create();
    let store = createCatalogStore(world.kube, testNamespace);
    await store.save(catalogOf(manyOffers(5_000, 400)), never);
    await store.save(catalogOf(manyOffers(1), { account: "runpod-2" }), never);
    await store.save(catalogOf(manyOffers(1), { nodeClass: "other" }), never);
    if (restarted) store = createCatalogStore(world.kube, testNamespace);
    await store.remove("default", "runpod", never);
    const left = ["tgp-offers-default.runpod-2", "tgp-offers-other.runpod"];
    assert.deepEqual(Object.keys(await sizes(world)).sort(), left);
    await store.remove("default", "runpod", never);
    await store.save(catalogOf(manyOffers(1)), never);
    assert.equal((await store.load("default", "runpod")).length, 1);
  });
}
