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

/**
 * Sorts; equals by price of the machine, then so that what belongs together stands together, then by id,
 * so that the order is always the same.
 */
export function sortOffers(offers: readonly Offer[], order: OfferOrder): readonly Offer[] {
  const sign = order.reversed ? -1 : 1;
  return [...offers].sort((left, right) =>
    sign * compare(left, right, order.key) || left.price.perHour - right.price.perHour ||
    (nameOf(left) < nameOf(right) ? -1 : 1)
  );
}

function nameOf({ gpu, provider, location, id }: Offer): string {
  return [gpu?.model, provider, location.region, id].join("\0");
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

/**
 * What can be bought comes first, then what is in stock and could not join, then what is sold out; what
 * has no GPU is not what people look for.
 */
function rank({ available, gpu, price, notJoinable }: Offer): number {
  if (gpu === undefined) return 4;
  if (price.suspect !== undefined) return 3;
  if (!available) return 2;
  return notJoinable === undefined ? 0 : 1;
}

/** Whether it would be bought now, if a pool allowed it. */
export function isBuyable({ available, price, notJoinable }: Offer): boolean {
  return available && price.suspect === undefined && notJoinable === undefined;
}
