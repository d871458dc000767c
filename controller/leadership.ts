/**
 * What the reconcilers of one leader share. Built afresh each time the lease is won, so that nothing
 * remembered from an earlier reign is believed.
 *
 * @module
 */

import { readClusterId } from "../kube/cluster_id.ts";
import { createEventRecorder, type EventRecorder } from "../kube/event_recorder.ts";
import { isProvisionable } from "../scheduling/pod_kinds.ts";
import type { Accounts } from "./accounts/accounts.ts";
import type { Caches } from "./caches.ts";
import { type CatalogPublisher, createCatalogPublisher } from "./catalog_publisher.ts";
import { createCatalogStore } from "./catalog_store.ts";
import { createClaimBootstrap } from "./claim_bootstrap.ts";
import { createAccounts } from "./create_accounts.ts";
import { createDecisionPublisher, type DecisionPublisher } from "./decisions/decision_publisher.ts";
import { createDecisionStore } from "./decisions/decision_store.ts";
import type { ControllerDeps, ControllerOptions } from "./deps.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createNeed, type Need } from "./need.ts";
import { SecretWatches } from "./node_class/secret_watches.ts";
import type { ClaimBootstrap } from "./node_claim/deps.ts";
import { PodsByNode } from "./pods_by_node.ts";
import { type Batcher, createBatcher } from "./provisioner/batcher.ts";
import { createQueues, type Queues } from "./queues.ts";
import { createStockPublisher, type StockPublisher } from "./stock_publisher.ts";
import { createStockStore } from "./stock_store.ts";

/** See the module. */
export interface Leadership {
  readonly clusterId: string;
  /** `gitVersion` of the API server; absent when it could not be read. */
  readonly apiServerVersion: string | undefined;
  readonly queues: Queues;
  readonly accounts: Accounts;
  readonly recorder: EventRecorder;
  readonly ledger: Ledger;
  readonly stock: StockPublisher;
  readonly publisher: CatalogPublisher;
  readonly decisions: DecisionPublisher;
  readonly batcher: Batcher;
  readonly podsByNode: PodsByNode;
  readonly bootstrap: ClaimBootstrap;
  readonly need: Need;
  readonly secretWatches: SecretWatches;
  /** Whether the lease is surely still ours. */
  readonly holdsLease: () => boolean;
}

/** Reads what must be known before anything is decided, and creates the rest. */
export async function prepareLeadership(
  deps: ControllerDeps,
  options: ControllerOptions,
  caches: Caches,
  holdsLease: () => boolean,
  signal: AbortSignal,
): Promise<Leadership> {
  const { clock, kube } = deps;
  const { namespace } = options;
  const clusterId = await readClusterId(kube, signal);
  const apiServerVersion = await readServerVersion(deps, signal);
  const ledger = createLedger(kube, namespace);
  await ledger.load(clock.now(), signal);
  const queues = createQueues(deps);
  const stock = createStockPublisher({
    ...deps,
    store: createStockStore(kube, clock, namespace),
  });
  const catalogs = createCatalogStore(kube, namespace);
  const publisher = createCatalogPublisher({ ...deps, store: catalogs });
  const source = { component: "tgp-controller", instance: options.identity };
  return {
    clusterId,
    apiServerVersion,
    queues,
    accounts: createAccounts(deps, options, {
      clusterId,
      claims: caches.claims,
      queues,
      stock,
      catalogs,
      publisher,
    }),
    recorder: createEventRecorder(deps, source),
    ledger,
    stock,
    publisher,
    decisions: createDecisionPublisher({
      ...deps,
      store: createDecisionStore(kube, namespace),
    }),
    batcher: createBatcher(clock, options.batchWindow),
    podsByNode: new PodsByNode(),
    bootstrap: createClaimBootstrap(kube, { namespace, caBundle: options.caBundle }),
    need: createNeed(caches.pods, isProvisionable),
    secretWatches: new SecretWatches({
      ...deps,
      onChange: (className) => queues.classes.add(className),
    }),
    holdsLease,
  };
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
