/**
 * Why no offer serves a need, and the smallest change that would help.
 *
 * @module
 */

import type { Offer } from "../providers/contract.ts";
import { findNearestMiss, type NearestMiss } from "./nearest_miss.ts";
import {
  compareByPrice,
  type OfferFilter,
  offerFilters,
  type OfferQuery,
  passesFilter,
  prepareQuery,
} from "./offers.ts";

/** Why no offer (or only so many) passed. */
export interface OfferExplanation {
  readonly total: number;
  readonly matched: number;
  /** How many offers each rule removed first; rules that removed none are left out. */
  readonly removed: readonly RemovedByFilter[];
  /** The smallest change that would give an offer; absent when offers match or nothing would help. */
  readonly nearestMiss?: NearestMiss | undefined;
  /** One sentence for people: counts, and the smallest change. */
  readonly message: string;
}

/** The offers that one rule removed first. */
export interface RemovedByFilter {
  readonly filter: OfferFilter;
  readonly count: number;
  /** The cheapest among them. */
  readonly cheapest: Offer;
}

/** How a rule's removals are called in a message. */
const filterWords: Readonly<Record<OfferFilter, string>> = {
  account: "of blocked accounts",
  requirements: "by requirements",
  named: "to be asked for by name",
  resources: "too small",
  joinable: "that could not join the cluster",
  suspectPrice: "with suspect prices",
  maxPerHour: "over the price cap",
  maxPerGpuHour: "over the price cap per GPU",
  available: "sold out",
  excluded: "refused lately",
};

/**
 * Explains a selection: per-rule counts and, if nothing passed, the nearest miss.
 *
 * @throws {RangeError} If a requirement cannot be read.
 */
export function explainOffers(offers: readonly Offer[], query: OfferQuery): OfferExplanation {
  const prepared = prepareQuery(query);
  const sorted = [...offers].sort(compareByPrice);
  const removed = new Map<OfferFilter, { count: number; cheapest: Offer }>();
  let matched = 0;
  for (const offer of sorted) {
    const filter = offerFilters.find((name) => !passesFilter(offer, name, prepared));
    if (filter === undefined) matched += 1;
    else {
      const entry = removed.get(filter);
      if (entry) entry.count += 1;
      else removed.set(filter, { count: 1, cheapest: offer });
    }
  }
  const nearestMiss = matched > 0 ? undefined : findNearestMiss(sorted, prepared);
  const ordered = offerFilters.flatMap((filter) => {
    const entry = removed.get(filter);
    return entry ? [{ filter, ...entry }] : [];
  });
  const message = describe(offers.length, matched, ordered, nearestMiss);
  return { total: offers.length, matched, removed: ordered, nearestMiss, message };
}

function describe(
  total: number,
  matched: number,
  removed: readonly RemovedByFilter[],
  nearestMiss: NearestMiss | undefined,
): string {
  if (total === 0) return "No offers are known: the accounts have none or have not answered yet";
  const counts = describeRemovals(removed);
  if (matched > 0) return `${matched} of ${total} offers fit${counts && ` (left out: ${counts})`}`;
  return `None of ${total} offers fits (${counts})${
    nearestMiss ? `; the smallest change that helps: ${nearestMiss.change}` : ""
  }`;
}

/** How many offers each rule removed, in words: `2 sold out, 1 too small`. */
export function describeRemovals(removed: readonly RemovedByFilter[]): string {
  return removed.map(describeRemoved).join(", ");
}

/** What no change of the need helps against is told with its reason. */
function describeRemoved({ filter, count, cheapest }: RemovedByFilter): string {
  const why = filter === "joinable" ? cheapest.notJoinable : undefined;
  return `${count} ${filterWords[filter]}${why ? ` (${why})` : ""}`;
}
