/**
 * One list out of the offers of several accounts.
 *
 * @module
 */

import type { Offer } from "../contract.ts";

/**
 * All offers, each once, cheapest first, whatever the order they came in. Of two with the same id the
 * one read later counts.
 */
export function mergeOffers(lists: Iterable<readonly Offer[]>): readonly Offer[] {
  const byId = new Map<string, Offer>();
  for (const list of lists) {
    for (const offer of list) {
      const other = byId.get(offer.id);
      if (other === undefined || isNewer(offer, other)) byId.set(offer.id, offer);
    }
  }
  return [...byId.values()].sort((left, right) =>
    left.price.perHour - right.price.perHour || compareText(left.id, right.id)
  );
}

/** Ties are broken by content, so that the order of lists does not show. */
function isNewer(offer: Offer, other: Offer): boolean {
  return offer.price.readAt !== other.price.readAt
    ? offer.price.readAt > other.price.readAt
    : JSON.stringify(offer) < JSON.stringify(other);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
