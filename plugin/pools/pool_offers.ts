/**
 * Which offers a pool would buy next, and what it leaves out: the controller's own ranking.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { explainOffers } from "../../scheduling/offer_explanation.ts";
import { type AccountTerms, type OfferQuery, selectOffers } from "../../scheduling/offers.ts";
import { gpuResources } from "../../schemas/gpu_models.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import { wholeQuantity } from "../../schemas/quantity.ts";

/** See the module. */
export interface PoolOffers {
  /** Best first. */
  readonly next: readonly Offer[];
  /** Counts, and the smallest change if nothing is left. */
  readonly explanation: string;
}

/**
 * Ranks offers for a Pod that asks for one GPU and nothing else: NVIDIA's, or what the pool has instead.
 *
 * @throws {RangeError}
 */
export function rankPoolOffers(
  pool: GPUNodePool,
  nodeClass: GPUNodeClass,
  offers: readonly Offer[],
): PoolOffers {
  const ofNvidia = rankFor(gpuResources.nvidia, pool, nodeClass, offers);
  if (ofNvidia.next.length > 0) return ofNvidia;
  const ofAmd = rankFor(gpuResources.amd, pool, nodeClass, offers);
  return ofAmd.next.length > 0 ? ofAmd : ofNvidia;
}

function rankFor(
  resource: string,
  pool: GPUNodePool,
  nodeClass: GPUNodeClass,
  offers: readonly Offer[],
): PoolOffers {
  const { template, price } = pool.spec;
  const query: OfferQuery = {
    requirements: template?.spec?.requirements ?? [],
    labels: template?.metadata?.labels ?? {},
    resources: { [resource]: wholeQuantity(1) },
    maxPerHour: price?.maxPerHour,
    maxPerGpuHour: price?.maxPerGpuHour,
    accounts: nodeClass.spec.providers.map((entry) => toTerms(nodeClass, entry.name)),
  };
  return { next: selectOffers(offers, query), explanation: explainOffers(offers, query).message };
}

/** What the class's status says about an account stands in for what the controller knows about it. */
function toTerms(nodeClass: GPUNodeClass, name: string): AccountTerms {
  const entry = nodeClass.spec.providers.find((known) => known.name === name);
  const status = nodeClass.status?.providers?.find((known) => known.name === name);
  const blocked = entry?.enabled === false
    ? "disabled"
    : status && !status.available
    ? status.message
    : undefined;
  return { name, priority: entry?.priority ?? 0, ...(blocked === undefined ? {} : { blocked }) };
}
