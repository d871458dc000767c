/**
 * Offers of one class.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { toClassOfferId } from "../../providers/offer_id.ts";

/**
 * Gives offers ids that are theirs in all the cluster: an account's name is unique in its class only. An
 * id is worked out once for all readings.
 */
export function createOfferScope(className: string): (offers: readonly Offer[]) => Offer[] {
  const ids = new Map<string, string>();
  const toId = (id: string) => {
    const known = ids.get(id) ?? toClassOfferId(id, className);
    ids.set(id, known);
    return known;
  };
  return (offers) => offers.map((offer) => ({ ...offer, id: toId(offer.id) }));
}
