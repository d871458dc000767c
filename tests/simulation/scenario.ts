/**
 * One pod, one machine, one controller that is killed once: the story every crash test tells.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ledgerLineSchema } from "../../controller/ledger.ts";
import { configMaps, nodes } from "../../kube/resource.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import type { Log } from "../../runtime/log.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
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

/** Nothing runs on, and every machine that was billed is booked at no less than the cloud bills. */
export async function checkBooks(world: SimulatedWorld): Promise<void> {
  const alive = world.cloud.machines().filter(({ state }) =>
    state !== "terminated" && state !== "terminating"
  );
  assert.deepEqual(alive.map(({ name }) => name), [], "machines were lost");
  const { items } = await world.kube.list(configMaps, { namespace: "tgp-system" });
  const lines = items.filter(({ metadata }) => metadata.name.startsWith("tgp-ledger-"))
    .flatMap(({ data }) => Object.values(data ?? {}))
    .map((line) => ledgerLineSchema.parse(JSON.parse(line)));
  for (const bill of world.cloud.bill()) {
    const line = lines.find(({ instanceID }) => instanceID === bill.id);
    if (bill.amount === 0 && !line) continue;
    assert.ok(line, `machine ${bill.name} is not booked`);
    assert.ok(line.cost >= bill.amount, `booked ${line.cost}, billed ${bill.amount}`);
  }
}

/** How many machines were ever rented. */
export function rented(world: SimulatedWorld): number {
  return world.cloud.machines().length;
}
