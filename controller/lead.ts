/**
 * What the leader does: builds every controller afresh, routes changes to their queues, and runs them
 * until the lease is lost or the process stops.
 *
 * @module
 */

import { createEventRecorder } from "../kube/event_recorder.ts";
import type { Reconcile } from "../kube/reconcile.ts";
import { createWorkQueue } from "../kube/work_queue.ts";
import { createProvider, parseProviderName } from "../providers/registry.ts";
import { isProvisionable } from "../scheduling/pod_kinds.ts";
import { mayHaveMachine } from "../scheduling/price.ts";
import { type Account, accountKey } from "./accounts/account.ts";
import { createAccountPoller } from "./accounts/account_poller.ts";
import { Accounts } from "./accounts/accounts.ts";
import { createApprover } from "./bootstrap/approver.ts";
import type { Caches } from "./caches.ts";
import { createCatalogPublisher } from "./catalog_publisher.ts";
import { createClaimBootstrap } from "./claim_bootstrap.ts";
import { readClusterId } from "./cluster_id.ts";
import type { ControllerDeps, ControllerOptions } from "./deps.ts";
import { EmptinessReconciler } from "./disruption/emptiness.ts";
import { GarbageCollection } from "./garbage_collection/garbage_collection.ts";
import { createLedger } from "./ledger.ts";
import { createNeed } from "./need.ts";
import { isEnding, poolName, stepTime } from "./node_claim/claim_state.ts";
import { NodeClaimReconciler } from "./node_claim/node_claim.ts";
import { NodeClassReconciler } from "./node_class/node_class.ts";
import { NodePoolReconciler } from "./node_pool/node_pool.ts";
import { PodsByNode } from "./pods_by_node.ts";
import { createBatcher } from "./provisioner/batcher.ts";
import { Provisioner } from "./provisioner/provisioner.ts";
import { createStockStore } from "./stock_store.ts";
import { Termination } from "./termination/termination.ts";

/**
 * Claims spend their time waiting for vendors; more machines than that are hardly ever ended at once, so
 * a slow account's claims do not hold up the others.
 */
const claimWorkers = 256;
const otherWorkers = 4;

/** Leads until `signal` aborts. */
export async function lead(
  deps: ControllerDeps,
  options: ControllerOptions,
  caches: Caches,
  holdsLease: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const { clock, kube, log } = deps;
  const { namespace } = options;
  const clusterId = await readClusterId(kube, signal);
  const recorder = createEventRecorder(deps, {
    component: "tgp-controller",
    instance: options.identity,
  });
  const ledger = createLedger(kube, namespace);
  await ledger.load(clock.now(), signal);
  const stock = createStockStore(kube, clock, namespace);
  const publisher = createCatalogPublisher({ kube, clock, log, namespace });
  const batcher = createBatcher(clock, options.batchWindow);
  const podsByNode = new PodsByNode();
  const bootstrap = createClaimBootstrap(kube, { namespace, caBundle: options.caBundle });
  const need = createNeed(caches.pods, isProvisionable);

  const queueOf = (name: string) => createWorkQueue(deps, { name });
  const queues = {
    classes: queueOf("node-class"),
    pools: queueOf("node-pool"),
    claims: queueOf("node-claim"),
    emptiness: queueOf("emptiness"),
    requests: queueOf("approver"),
  };

  const claimsOf = (account: Account) =>
    caches.claims.list().filter((claim) =>
      claim.spec.nodeClassRef.name === account.className &&
      claim.status?.launch?.offer.account === account.name && mayHaveMachine(claim)
    );
  const accounts = new Accounts({
    clock,
    createProvider: (entry, apiKey) =>
      createProvider(entry, {
        ...deps,
        apiKey,
        clusterId,
        baseUrl: deps.vendorUrls[parseProviderName(entry.provider ?? entry.name)],
      }),
    createPoller: (account) =>
      createAccountPoller({
        ...deps,
        intervals: options.pollIntervals,
        isBusy: () =>
          claimsOf(account).some((claim) =>
            isEnding(claim) || stepTime(claim, "Initialized") === undefined
          ),
        onChange(changed, what) {
          if (what !== "machines") queues.classes.add(changed.className);
          if (what === "machines") {
            for (const claim of claimsOf(changed)) queues.claims.add(claim.metadata.name);
          }
          if (what === "offers") publisher.publish(changed);
        },
      }, account),
    loadStock: (className, name) => stock.load(className, name),
  });

  const termination = new Termination({
    ...deps,
    recorder,
    accounts,
    ledger,
    nodes: caches.nodes,
    revokeToken: (claim, revoking) => bootstrap.revoke(claim, revoking),
  });
  const version = await readServerVersion(deps, signal);
  const claim = new NodeClaimReconciler({
    ...deps,
    recorder,
    accounts,
    need,
    holdsLease,
    bootstrap,
    claims: caches.claims,
    classes: caches.classes,
    pools: caches.pools,
    nodes: caches.nodes,
    ledger,
    apiServerVersion: version,
    saveStock(className, name) {
      const account = accounts.get(className, name);
      if (!account) return;
      stock.save(className, name, account.stock).catch((error) =>
        log.warn("Cannot save the memory of sold-out offers", {
          account: accountKey(className, name),
          error: String(error),
        })
      );
    },
  }, termination);
  const provisioner = new Provisioner({
    ...deps,
    ...caches,
    recorder,
    accounts,
    need,
    ledger,
    batcher,
    clusterId,
    holdsLease,
  });
  const nodeClass = new NodeClassReconciler({
    ...deps,
    recorder,
    accounts,
    classes: caches.classes,
    claims: caches.claims,
    scope: { namespace, allowedNamespaces: options.credentialNamespaces },
  });
  const nodePool = new NodePoolReconciler({
    ...deps,
    ...caches,
    ledger,
    pendingPods: (pool) => provisioner.pendingPods(pool),
  });
  const emptiness = new EmptinessReconciler({
    ...deps,
    recorder,
    claims: caches.claims,
    nodes: caches.nodes,
    need,
    podsOn: (node) => podsByNode.on(node),
  });
  const approver = createApprover({ ...deps, recorder, namespace });
  const garbage = new GarbageCollection({ ...deps, accounts, holdsLease });

  const stopListening = [
    caches.classes.onChange(({ key }) => {
      queues.classes.add(key);
      for (const pool of caches.pools.list()) {
        if (pool.spec.nodeClassRef.name === key) queues.pools.add(pool.metadata.name);
      }
    }),
    caches.pools.onChange(({ key }) => queues.pools.add(key)),
    caches.claims.onChange(({ key, object, old }) => {
      queues.claims.add(key);
      queues.emptiness.add(key);
      const changed = object ?? old;
      const pool = changed && poolName(changed);
      if (pool !== undefined) queues.pools.add(pool);
      if (!object && old) queues.classes.add(old.spec.nodeClassRef.name);
    }),
    caches.nodes.onChange(({ key }) => {
      queues.claims.add(key);
      queues.emptiness.add(key);
    }),
    caches.pods.onChange((change) => {
      for (const node of podsByNode.apply(change)) queues.emptiness.add(node);
      const { object } = change;
      if (object && isProvisionable(object)) batcher.trigger(object.metadata.uid ?? "");
    }),
    caches.requests.onChange(({ key }) => queues.requests.add(key)),
  ];

  const run = (queue: keyof typeof queues, workers: number, reconcile: Reconcile) =>
    queues[queue].run({ workers, reconcile }, signal);
  log.info("Leading", { cluster: clusterId, identity: options.identity });
  accounts.start(signal);
  try {
    await Promise.all([
      run("classes", otherWorkers, (key, stop) => nodeClass.reconcile(key, stop)),
      run("pools", otherWorkers, (key, stop) => nodePool.reconcile(key, stop)),
      run("claims", claimWorkers, (key, stop) => claim.reconcile(key, stop)),
      run("emptiness", otherWorkers, (key, stop) => emptiness.reconcile(key, stop)),
      run("requests", otherWorkers, (key, stop) => approver.reconcile(key, stop)),
      provisioner.run(signal),
      garbage.run(signal),
      publisher.run(signal),
      recorder.run(signal),
    ]);
  } finally {
    for (const stop of stopListening) stop();
    log.info("No longer leading", { identity: options.identity });
  }
}

async function readServerVersion(
  { kube, log }: ControllerDeps,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const version = await kube.getRaw("/version", signal);
    if (typeof version === "object" && version !== null && "gitVersion" in version) {
      return String(version.gitVersion);
    }
  } catch (error) {
    log.warn("Cannot read the API server's version", { error: String(error) });
  }
  return undefined;
}
