/**
 * One pod, one machine, one controller that is killed once: the story every crash test tells.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type LedgerLine, ledgerLineSchema } from "../../controller/ledger.ts";
import { configMaps, events, nodes } from "../../kube/resource.ts";
import { nodeClaims, nodeClasses } from "../../kube/tgp_resources.ts";
import type { Log } from "../../runtime/log.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import type { ProviderEntry, ProviderStatus } from "../../schemas/node_class.ts";
import { readScene } from "../../sim/demo/scene.ts";
import { apiHost, SimulatedWorld } from "../support/simulated_world.ts";

/** Minutes of simulated time, in milliseconds. */
export const minute = 60_000;

/** A pod that wants one A10 and works for ten minutes. */
export function podOf(name: string, gpus = 1, runSeconds = 600): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      annotations: { "sim.tgp.io/run-seconds": String(runSeconds) },
    },
    spec: {
      restartPolicy: "Never",
      containers: [{
        name: "main",
        image: "work",
        resources: { limits: { "nvidia.com/gpu": String(gpus) } },
      }],
    },
  } as KubernetesObject;
}

/** A world with the example's class and pool. */
export async function createScene(
  seed: number,
  cloud: NonNullable<Parameters<typeof SimulatedWorld.create>[0]["cloud"]> = {},
  log?: Log,
): Promise<SimulatedWorld> {
  const world = await SimulatedWorld.create({ seed, cloud, log });
  await world.apply(...await readScene(new URL("../../manifests/", import.meta.url), apiHost));
  return world;
}

/** One account of a scene with several. */
export interface SceneAccount {
  /** The class's entry, but for its Secret. */
  readonly entry: Omit<ProviderEntry, "credentialsRef">;
  readonly apiKey: string;
}

/** A world with the example's class and pool, whose class has these accounts instead of its own. */
export async function createSceneWith(
  options: Parameters<typeof SimulatedWorld.create>[0],
  accounts: readonly SceneAccount[],
): Promise<SimulatedWorld> {
  const world = await SimulatedWorld.create(options);
  await world.apply(...await readScene(new URL("../../manifests/", import.meta.url), apiHost));
  for (const { entry, apiKey } of accounts) await putKey(world, entry.name, apiKey);
  const providers = accounts.map(({ entry }) => ({
    ...entry,
    credentialsRef: { name: `${entry.name}-key`, key: "api-key" },
  }));
  await world.kube.patch(nodeClasses, { name: "lambda" }, { spec: { providers } });
  return world;
}

/** Sets the key of an account, as a user would. */
export async function putKey(world: SimulatedWorld, name: string, apiKey: string): Promise<void> {
  await world.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `${name}-key`, namespace: "tgp-system" },
    stringData: { "api-key": apiKey },
  } as KubernetesObject);
}

/** What the class says of an account. */
export async function readAccount(
  world: SimulatedWorld,
  name: string,
): Promise<ProviderStatus | undefined> {
  const { status } = await world.kube.get(nodeClasses, { name: "lambda" });
  return status?.providers?.find((provider) => provider.name === name);
}

/** What was told about objects of a kind, with the reason. */
export async function readEvents(
  world: SimulatedWorld,
  reason: string,
): Promise<readonly string[]> {
  const { items } = await world.kube.list(events, {});
  return items.filter((event) => event.reason === reason).map(({ message }) => message);
}

/** Whether everything has been given back. */
export async function isOver(world: SimulatedWorld): Promise<boolean> {
  const claims = await world.kube.list(nodeClaims);
  const left = await world.kube.list(nodes);
  return claims.items.length === 0 && left.items.length === 0;
}

/** Waits for the pod's success and for the machine's end, then checks the books. */
export async function playToTheEnd(
  world: SimulatedWorld,
  podNames: readonly string[],
): Promise<void> {
  for (const name of podNames) {
    await world.until(
      `pod ${name} succeeds`,
      () => world.succeeded.has(name),
      90 * minute,
    );
  }
  await world.until("everything is given back", () => isOver(world), 60 * minute);
  await checkBooks(world);
}

/** Nothing runs on, and every machine that was billed is booked at no less than its cloud bills. */
export async function checkBooks(world: SimulatedWorld): Promise<void> {
  const bills = world.clouds.flatMap((cloud) => cloud.bill());
  const alive = bills.filter(({ end }) => end === undefined);
  assert.deepEqual(alive.map(({ name }) => name), [], "machines were lost");
  const lines = await readLedger(world);
  for (const bill of bills) {
    const line = lines.find(({ instanceID }) => instanceID === bill.id);
    if (bill.amount === 0 && !line) continue;
    assert.ok(line, `machine ${bill.name} is not booked`);
    assert.ok(line.cost >= bill.amount, `booked ${line.cost}, billed ${bill.amount}`);
  }
}

/** Every line of the books. */
export async function readLedger(world: SimulatedWorld): Promise<readonly LedgerLine[]> {
  const { items } = await world.kube.list(configMaps, { namespace: "tgp-system" });
  return items.filter(({ metadata }) => metadata.name.startsWith("tgp-ledger-"))
    .flatMap(({ data }) => Object.values(data ?? {}))
    .map((line) => ledgerLineSchema.parse(JSON.parse(line)));
}

/** How many machines were ever rented from Lambda. */
export function rented(world: SimulatedWorld): number {
  return world.cloud.machines().length;
}
