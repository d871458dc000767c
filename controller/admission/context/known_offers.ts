/**
 * The offers of one class, as rules ask about them: whatever is in stock now, since stock comes and
 * goes and a rule must not.
 *
 * @module
 */

import type { Offer } from "../../../providers/contract.ts";
import { labelOf } from "../../../scheduling/label_of.ts";
import { compareByPrice, nodeLabels } from "../../../scheduling/offers.ts";

/** See the module. */
export interface KnownOffers {
  /** Cheapest first; counted as in stock and at prices that can be believed. */
  readonly offers: readonly KnownOffer[];
  /** The values that offers have for a label. */
  readonly valuesOf: (key: string) => ReadonlySet<string>;
}

/** An offer, and the labels of its node. */
export interface KnownOffer {
  readonly offer: Offer;
  readonly labels: Readonly<Record<string, string>>;
}

/** Nothing is known. */
export const noKnownOffers: KnownOffers = Object.freeze({
  offers: Object.freeze([]),
  valuesOf: () => new Set<string>(),
});

/** Prepares offers; work that not every rule needs is done when one does. */
export function createKnownOffers(offers: readonly Offer[]): KnownOffers {
  if (offers.length === 0) return noKnownOffers;
  const known = offers.map(withoutPassing).sort(compareByPrice)
    .map((offer) => ({ offer, labels: nodeLabels(offer) }));
  const values = new Map<string, ReadonlySet<string>>();
  return {
    offers: known,
    valuesOf(key) {
      const found = values.get(key) ?? collectValues(known, key);
      values.set(key, found);
      return found;
    },
  };
}

/** An offer without what passes by itself. */
function withoutPassing(offer: Offer): Offer {
  const { suspect: _suspect, ...price } = offer.price;
  return { ...offer, price, available: true };
}

function collectValues(known: readonly KnownOffer[], key: string): ReadonlySet<string> {
  return new Set(
    known.flatMap(({ labels }) => labelOf(labels, key) ?? []),
  );
}
