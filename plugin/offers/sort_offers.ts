/**
 * The order of offers.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import type { OfferSortKey } from "./sort_keys.ts";

/** An order. */
export interface OfferOrder {
  readonly key: OfferSortKey;
  readonly reversed: boolean;
}

/** Sorts; equals by price of the machine, then by id, so that the order is always the same. */
export function sortOffers(offers: readonly Offer[], order: OfferOrder): readonly Offer[] {
  const sign = order.reversed ? -1 : 1;
  return [...offers].sort((left, right) =>
    sign * compare(left, right, order.key) || left.price.perHour - right.price.perHour ||
    (left.id < right.id ? -1 : 1)
  );
}

function compare(left: Offer, right: Offer, key: OfferSortKey): number {
  switch (key) {
    case "price":
      return left.price.perHour - right.price.perHour;
    case "gpu-price":
      return left.price.perGpuHour - right.price.perGpuHour;
    case "effective":
      return rank(left) - rank(right) || left.price.perGpuHour - right.price.perGpuHour;
  }
}

/** What cannot be bought comes last, and what has no GPU is not what people look for. */
function rank({ available, gpu, price }: Offer): number {
  if (gpu === undefined) return 3;
  if (price.suspect !== undefined) return 2;
  return available ? 0 : 1;
}
