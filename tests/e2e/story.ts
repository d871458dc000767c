/**
 * What stories on a real control plane share: pods that work and are done, and the end with its books.
 *
 * @module
 */

import assert from "node:assert/strict";
import { defaultPollIntervals } from "../../controller/accounts/account_poller.ts";
import { ledgerLineSchema } from "../../controller/ledger.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import { compareBills } from "../../sim/demo/bill.ts";
import { waitFor } from "./control_plane/wait.ts";
import { gpuPod } from "./gpu_pod.ts";
import type { Product } from "./product.ts";

/** What is read of an Event. */
export interface EventObject {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly name: string };
}

/** A pod that works for a few seconds. */
export function podOf(name: string, gpus: number, model?: string) {
  const nodeSelector = model === undefined ? {} : { nodeSelector: { [labelKeys.gpuModel]: model } };
  return gpuPod(name, { gpus, runSeconds: 4, ...nodeSelector });
}

/**
 * How long anything may take. A kill between an intent and its call leaves an order that was never sent:
 * only after the vendor's settle time is that certain, and then the pod is served afresh.
 */
const patienceMs = 8 * 60_000;

/** Waits until every pod has succeeded. */
export async function awaitSuccess(product: Product, names: readonly string[]): Promise<void> {
  await waitFor(
    `pods ${names.join(", ")} succeed`,
    () => Promise.resolve(names.every((name) => product.succeeded.has(name)) ? true : undefined),
    patienceMs,
  );
}

/**
 * Waits until nothing is left, then compares both books.
 *
 * @param exact Whether ours may exceed the cloud's by no more than a poll and a minute: while a controller
 * is dead nobody looks, and our books err on the dear side.
 */
export async function awaitEnd(product: Product, exact: boolean): Promise<void> {
  await waitFor("every claim and node is gone", async () => {
    const claims = await product.list("gnclaim");
    const nodes = await product.list("nodes");
    return claims.length + nodes.length === 0 ? true : undefined;
  }, patienceMs);
  const bills = product.clouds.flatMap((cloud) => cloud.bill());
  assert.deepEqual(bills.filter(({ end }) => end === undefined), [], "machines were lost");
  const maps = await product.list<{ metadata: { name: string }; data?: Record<string, string> }>(
    "configmaps",
    "-n",
    "tgp-system",
  );
  const lines = maps.filter(({ metadata }) => metadata.name.startsWith("tgp-ledger-"))
    .flatMap(({ data }) => Object.values(data ?? {}))
    .map((line) => ledgerLineSchema.parse(JSON.parse(line)));
  const rows = compareBills(lines, product.clouds, defaultPollIntervals.idleListMs);
  const wrong = rows.filter(({ problem, ours, theirs }) =>
    problem && (exact || ours < theirs || theirs === 0)
  );
  assert.deepEqual(wrong, []);
}
