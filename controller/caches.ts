/**
 * Local copies of everything the controllers read.
 *
 * @module
 */

import { createInformer, type Informer, type InformerDeps } from "../kube/informer.ts";
import { certificateSigningRequests } from "../kube/resource.ts";
import { nodeClaims, nodeClasses, nodePools } from "../kube/tgp_resources.ts";
import type { CertificateSigningRequest, Node, Pod } from "../schemas/kubernetes.ts";
import type { GPUNodeClaim } from "../schemas/node_claim.ts";
import type { GPUNodeClass } from "../schemas/node_class.ts";
import type { GPUNodePool } from "../schemas/node_pool.ts";
import { projectedNodes, projectedPods } from "./projections.ts";

/** See the module. Followers keep them too, so that a new leader starts warm. */
export interface Caches {
  readonly classes: Informer<GPUNodeClass>;
  readonly pools: Informer<GPUNodePool>;
  readonly claims: Informer<GPUNodeClaim>;
  readonly nodes: Informer<Node>;
  readonly pods: Informer<Pod>;
  readonly requests: Informer<CertificateSigningRequest>;
}

/** Creates the caches; they do nothing until they run. */
export function createCaches(deps: InformerDeps): Caches {
  return {
    classes: createInformer(deps, nodeClasses),
    pools: createInformer(deps, nodePools),
    claims: createInformer(deps, nodeClaims),
    nodes: createInformer(deps, projectedNodes),
    pods: createInformer(deps, projectedPods),
    requests: createInformer(deps, certificateSigningRequests),
  };
}

/** Keeps all caches current until `signal` aborts. */
export async function runCaches(caches: Caches, signal: AbortSignal): Promise<void> {
  await Promise.all(Object.values(caches).map((cache) => cache.run(signal)));
}

/** Waits until every cache has been complete once. @throws The signal's reason, if it aborts first. */
export async function whenCachesSynced(caches: Caches, signal: AbortSignal): Promise<void> {
  await Promise.all(Object.values(caches).map((cache) => cache.whenSynced(signal)));
}

/** Whether every cache has been complete once. */
export function haveCachesSynced(caches: Caches): boolean {
  return Object.values(caches).every((cache) => cache.hasSynced());
}
