import assert from "node:assert/strict";
import { createLocalContext } from "../../../../controller/admission/context/local_context.ts";
import { createCaches, runCaches } from "../../../../controller/caches.ts";
import { createCatalogStore } from "../../../../controller/catalog_store.ts";
import { nodeClasses } from "../../../../kube/tgp_resources.ts";
import { buildClaim, buildClass, buildPool } from "../../../support/controller_builders.ts";
import { ControllerWorld, never, testNamespace } from "../../../support/controller_world.ts";
import { buildOffer } from "../../../support/scheduling.ts";

/** A context over a cluster. */
async function startContext() {
  const world = await ControllerWorld.create();
  const caches = createCaches(world);
  const local = createLocalContext(world, caches, {
    namespace: testNamespace,
    allowedNamespaces: ["team-a"],
  });
  const stop = new AbortController();
  assert.equal(local.hasSynced(), false);
  const running = [runCaches(caches, stop.signal), local.run(stop.signal)];
  await world.clock.settle();
  return {
    ...local,
    world,
    async publish(...accounts: readonly string[]) {
      for (const account of accounts) {
        await createCatalogStore(world.kube, testNamespace).save({
          nodeClass: "default",
          account,
          provider: "lambda",
          readAt: 0,
          source: { state: "ok" },
          offers: [buildOffer(`of-${account}`, { account, available: false, suspect: "cheap" })],
        }, never);
      }
      await world.clock.settle();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(running);
      world[Symbol.dispose]();
    },
  };
}

Deno.test("createLocalContext() sees classes, pools and Secrets' keys, and says when it does", async () => {
  await using local = await startContext();
  assert.equal(local.hasSynced(), true);
  const { context, world } = local;
  assert.equal(context.nodeClass("default"), undefined);
  await world.putClass(buildClass());
  await world.putPool(buildPool());
  await world.clock.advance(5_000);
  assert.equal(context.nodeClass("default")?.metadata.name, "default");
  assert.deepEqual(context.pools().map(({ metadata }) => metadata.name), ["gpu"]);
  assert.equal(context.usage("pool", "gpu").nodes, 0);
  await world.putClaim(buildClaim());
  await world.clock.settle();
  assert.equal(context.usage("pool", "gpu").nodes, 1);
  assert.equal(context.secret(testNamespace, "lambda-key"), "missing");
  assert.equal(context.secret("team-a", "lambda-key"), "unknown");
});

Deno.test("createLocalContext() knows offers of accounts that the class lists, sold out or not", async () => {
  await using local = await startContext();
  const idsOf = () => local.context.offers("default").offers.map(({ offer }) => offer.id);
  await local.publish("lambda", "gone");
  assert.deepEqual(idsOf(), [], "there is no class");
  const stored = await local.world.putClass(buildClass());
  await local.world.clock.settle();
  assert.deepEqual(idsOf(), ["of-lambda"]);
  const [known] = local.context.offers("default").offers;
  assert.equal(known?.offer.available, true);
  assert.equal(known?.offer.price.suspect, undefined);
  assert.equal(local.context.offers("default"), local.context.offers("default"));

  const [entry] = stored.spec.providers;
  await local.world.kube.patch(nodeClasses, { name: "default" }, {
    spec: { providers: [{ ...entry, name: "gone", provider: "lambda" }] },
  });
  await local.world.clock.settle();
  assert.deepEqual(idsOf(), ["of-gone"]);
});
