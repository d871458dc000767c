import assert from "node:assert/strict";
import { z } from "zod";
import { configMaps } from "../../kube/resource.ts";
import { nodeClasses, nodePools } from "../../kube/tgp_resources.ts";
import type { ConfigMap } from "../../schemas/kubernetes.ts";
import { nodeClassSchema } from "../../schemas/node_class.ts";
import { decodeDecisions, type PoolDecisions } from "../../schemas/pool_decisions.ts";
import type { SimulatedWorld } from "../support/simulated_world.ts";
import { createScene, minute, playToTheEnd, podOf } from "./scenario.ts";
import { TwoAccounts } from "./two_accounts.ts";

const namespace = "tgp-system";

/** Names of published records, the ledger's left out. */
async function readNames(world: SimulatedWorld): Promise<readonly string[]> {
  const { items } = await world.kube.list(configMaps, { namespace });
  return items.map(({ metadata }) => metadata.name)
    .filter((name) => /^tgp-(offers|stock|decisions)-/.test(name)).sort();
}

async function readDecisions(world: SimulatedWorld): Promise<PoolDecisions> {
  const ref = { name: "tgp-decisions-gpu", namespace };
  const decisions = decodeDecisions((await world.kube.get(configMaps, ref)).data);
  assert.ok(decisions);
  return decisions;
}

async function putMap(world: SimulatedWorld, name: string): Promise<void> {
  const map: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } };
  await world.kube.create(configMaps, map);
}

Deno.test("records of an entry that leaves its class stay while its machine does, and go then", async () => {
  await using two = await TwoAccounts.create(1, [
    { gpu_1x_a10: { "us-east-1": 1 } },
    { gpu_1x_a10: { "us-east-1": 1 } },
  ]);
  const { world, first } = two;
  // A name of an earlier version, and what a class left behind while no controller ran.
  await putMap(world, "tgp-offers-lambda-first");
  await putMap(world, "tgp-stock-gone.lambda");
  world.startController();
  await world.apply(podOf("one", 1, 1_200));
  await world.until("the first account buys", () => first.machines().length === 1, 2 * minute);
  const offers = ["tgp-offers-lambda.first", "tgp-offers-lambda.second"];
  await world.until(
    "what is left over is gone",
    async () => (await readNames(world)).join() === ["tgp-decisions-gpu", ...offers].join(),
    3 * minute,
  );
  const { spec } = await world.kube.get(nodeClasses, { name: "lambda" });
  await world.kube.patch(nodeClasses, { name: "lambda" }, {
    spec: { providers: spec.providers.filter(({ name }) => name === "second") },
  });
  await world.clock.advance(10 * minute);
  assert.ok((await readNames(world)).includes("tgp-offers-lambda.first"), "its machine runs");
  world.killController();
  world.startController();
  await playToTheEnd(world, ["one"]);
  await world.until(
    "its records are gone",
    async () => !(await readNames(world)).includes("tgp-offers-lambda.first"),
    5 * minute,
  );
  assert.ok((await readNames(world)).includes("tgp-offers-lambda.second"));
});

Deno.test("records of a class and a pool go with them, and come back with them", async () => {
  await using world = await createScene(2, { stock: { gpu_1x_a10: { "us-east-1": 1 } } });
  world.startController();
  await world.apply(podOf("dream", 64));
  await world.until(
    "there are records",
    async () => (await readNames(world)).length === 2,
    2 * minute,
  );
  const nodeClass = await world.kube.get(nodeClasses, { name: "lambda" });
  await world.kube.delete(nodePools, { name: "gpu" });
  await world.kube.delete(nodeClasses, { name: "lambda" });
  await world.until("they are gone", async () => (await readNames(world)).length === 0, 5 * minute);
  const { name } = nodeClass.metadata;
  await world.kube.create(
    nodeClasses,
    z.encode(nodeClassSchema, { ...nodeClass, metadata: { name }, status: undefined }),
  );
  await world.until(
    "offers are published again",
    async () => (await readNames(world)).join() === "tgp-offers-lambda.lambda",
    minute,
  );
});

Deno.test("decisions say who is not served and why, and what was bought instead of what", async () => {
  await using world = await createScene(3, { stock: { gpu_1x_a10: { "us-east-1": 1 } } });
  world.startController();
  await world.apply(podOf("work"), podOf("dream", 64));
  await world.until("a machine is rented", () => world.cloud.machines().length === 1, 2 * minute);
  await world.clock.advance(minute);
  const decisions = await readDecisions(world);
  assert.deepEqual([decisions.considered, decisions.planned], [2, 1]);
  const [refusal, ...more] = decisions.refusals;
  assert.deepEqual(more, []);
  assert.deepEqual(refusal?.pods, { count: 1, first: ["default/dream"] });
  assert.match(refusal?.message ?? "", /^None of \d+ offers fits \(/);
  const [purchase] = decisions.purchases;
  assert.equal(purchase?.claim, world.cloud.machines()[0]?.name);
  assert.equal(purchase?.offer.instanceType, "gpu_1x_a10");
  assert.match(purchase?.why ?? "", /^the cheapest of /);
  world.killController();
  world.startController();
  await playToTheEnd(world, ["work"]);
  const later = await readDecisions(world);
  assert.deepEqual([later.considered, later.planned], [1, 0]);
  assert.deepEqual(later.purchases, decisions.purchases, "what was bought is remembered");
});
