/**
 * The offer as a claim's status records it.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import type { ChosenOffer } from "../../schemas/node_claim.ts";

/** What of an offer must outlive the catalog: enough to send it, judge it and count it. */
export function toChosenOffer(offer: Offer): ChosenOffer {
  return {
    id: offer.id,
    provider: offer.provider,
    account: offer.account,
    instanceType: offer.instanceType,
    region: offer.location.region ?? "",
    capacityType: offer.capacityType,
    ...(offer.gpu ? { gpuModel: offer.gpu.model } : {}),
    gpuCount: offer.gpu?.count ?? 0,
    pricePerHour: offer.price.perHour,
    billingIncrement: offer.price.billingIncrement,
    capacity: { ...offer.allocatable },
    labels: { ...offer.labels },
  };
}

/** An offer in words: `1x A10-24GB (gpu_1x_a10) in us-east-1 from lambda`. */
export function describeOffer(offer: Offer): string {
  const gpu = offer.gpu ? `${offer.gpu.count}x ${offer.gpu.model} ` : "";
  const place = offer.location.region ? ` in ${offer.location.region}` : "";
  return `${gpu}(${offer.instanceType})${place} from ${offer.account}`;
}
