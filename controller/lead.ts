/**
 * What the leader does: prepares, routes changes to queues, and works until the lease is lost or the
 * process stops.
 *
 * @module
 */

import type { Caches } from "./caches.ts";
import type { ControllerDeps, ControllerOptions } from "./deps.ts";
import { prepareLeadership } from "./leadership.ts";
import type { Queues } from "./queues.ts";
import { createReconcilers } from "./reconcilers.ts";
import { routeChanges } from "./route_changes.ts";

/** Claims spend their time waiting for vendors; a slow one must not hold up the others. */
const workers: Readonly<Record<keyof Queues, number>> = {
  classes: 4,
  pools: 4,
  claims: 256,
  emptiness: 4,
  requests: 4,
};

/** Leads until `signal` aborts. */
export async function lead(
  deps: ControllerDeps,
  options: ControllerOptions,
  caches: Caches,
  holdsLease: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const leadership = await prepareLeadership(deps, options, caches, holdsLease, signal);
  const { queued, ...loops } = createReconcilers(deps, options, caches, leadership);
  const { accounts, clusterId, queues } = leadership;
  const work = (name: keyof Queues) =>
    queues[name].run({ workers: workers[name], reconcile: queued[name] }, signal);
  deps.log.info("Working", { cluster: clusterId, identity: options.identity });
  accounts.start(signal);
  const stopRouting = routeChanges(caches, leadership);
  try {
    await Promise.all([
      work("classes"),
      work("pools"),
      work("claims"),
      work("emptiness"),
      work("requests"),
      loops.provisioner.run(signal),
      loops.garbage.run(signal),
      loops.records.run(signal),
      loops.preflight.run(signal),
      leadership.publisher.run(signal),
      leadership.stock.run(signal),
      leadership.decisions.run(signal),
      leadership.secretWatches.run(signal),
      leadership.recorder.run(signal),
    ]);
  } finally {
    stopRouting();
    deps.log.info("No longer working", { identity: options.identity });
  }
}
