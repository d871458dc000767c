/**
 * Everything that works while this process leads.
 *
 * @module
 */

import type { Reconcile } from "../kube/reconcile.ts";
import { createApprover } from "./bootstrap/approver.ts";
import type { Caches } from "./caches.ts";
import type { ControllerDeps, ControllerOptions } from "./deps.ts";
import { EmptinessReconciler } from "./disruption/emptiness.ts";
import { GarbageCollection } from "./garbage_collection/garbage_collection.ts";
import type { Leadership } from "./leadership.ts";
import { NodeClaimReconciler } from "./node_claim/node_claim.ts";
import { NodeClassReconciler } from "./node_class/node_class.ts";
import { NodePoolReconciler } from "./node_pool/node_pool.ts";
import { Provisioner } from "./provisioner/provisioner.ts";
import { Preflight } from "./preflight/preflight.ts";
import type { Queues } from "./queues.ts";
import { RecordSweep } from "./record_sweep.ts";
import { Termination } from "./termination/termination.ts";

/** What works on a queue, and what runs by itself. */
export interface Reconcilers {
  readonly queued: Readonly<Record<keyof Queues, Reconcile>>;
  readonly provisioner: Provisioner;
  readonly garbage: GarbageCollection;
  readonly records: RecordSweep;
  readonly preflight: Preflight;
}

/** Creates them; nothing happens until they are run. */
export function createReconcilers(
  deps: ControllerDeps,
  options: ControllerOptions,
  caches: Caches,
  leadership: Leadership,
): Reconcilers {
  const { namespace, credentialNamespaces } = options;
  const shared = { ...deps, ...caches, ...leadership };
  const provisioner = new Provisioner(shared);
  const claim = createClaimReconciler(deps, caches, leadership);
  const nodeClass = new NodeClassReconciler({
    ...shared,
    scope: { namespace, allowedNamespaces: credentialNamespaces },
  });
  const nodePool = new NodePoolReconciler({
    ...shared,
    pendingPods: (pool) => provisioner.pendingPods(pool),
  });
  const emptiness = new EmptinessReconciler({
    ...shared,
    podsOn: (node) => leadership.podsByNode.on(node),
  });
  const approver = createApprover({ ...shared, namespace });
  return {
    queued: {
      classes: (key, signal) => nodeClass.reconcile(key, signal),
      pools: (key, signal) => nodePool.reconcile(key, signal),
      claims: (key, signal) => claim.reconcile(key, signal),
      emptiness: (key, signal) => emptiness.reconcile(key, signal),
      requests: (key, signal) => approver.reconcile(key, signal),
    },
    provisioner,
    garbage: new GarbageCollection(shared),
    records: new RecordSweep({ ...shared, namespace }),
    preflight: new Preflight({ ...shared, namespace, caBundle: options.caBundle }),
  };
}

function createClaimReconciler(
  deps: ControllerDeps,
  caches: Caches,
  leadership: Leadership,
): NodeClaimReconciler {
  const { accounts, bootstrap, stock } = leadership;
  const shared = { ...deps, ...caches, ...leadership };
  const termination = new Termination({
    ...shared,
    revokeToken: (claim, signal) => bootstrap.revoke(claim, signal),
  });
  return new NodeClaimReconciler({
    ...shared,
    saveStock(className, name) {
      const account = accounts.get(className, name);
      if (account) stock.publish(account);
    },
  }, termination);
}
