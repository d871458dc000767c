/**
 * The smallest change that would make an offer fit.
 *
 * @module
 */

import type { Offer } from "../providers/contract.ts";
import { displayUsd, formatUsd } from "../schemas/money.ts";
import { formatQuantity, type Quantity } from "../schemas/quantity.ts";
import { findNearest, suggestKey } from "./label_hint.ts";
import { labelOf } from "./label_of.ts";
import {
  labelsToName,
  nodeLabels,
  type OfferFilter,
  offerFilters,
  passesFilter,
  type PreparedQuery,
} from "./offers.ts";
import { describeCondition } from "./requirement_text.ts";
import { allows, names } from "./requirements.ts";

/** A change, and the offer it would give. */
export interface NearestMiss {
  /** For people, in the imperative. */
  readonly change: string;
  readonly offer: Offer;
}

/**
 * How much each change asks of the user: waiting asks nothing, a cap is one number, a requirement is a
 * wish given up, a smaller request changes the program, an account needs somebody else. No change
 * makes a suspect price credible, and none that a user of the cluster could make lets a machine join
 * that cannot.
 */
const efforts: Readonly<Record<OfferFilter, number>> = {
  available: 1,
  excluded: 1,
  maxPerHour: 2,
  maxPerGpuHour: 2,
  requirements: 3,
  named: 3,
  resources: 4,
  account: 6,
  joinable: Infinity,
  suspectPrice: Infinity,
};

/**
 * The offer that needs the fewest changes, among those the easiest, among those the cheapest.
 *
 * @param offers Cheapest first.
 */
export function findNearestMiss(
  offers: readonly Offer[],
  query: PreparedQuery,
): NearestMiss | undefined {
  const catalog = readCatalog(offers, query);
  let best: { readonly offer: Offer; readonly count: number; readonly effort: number } | undefined;
  for (const offer of offers) {
    let [count, effort] = [0, shortfall(offer, query) - mistypedCount(offer, query, catalog)];
    for (const filter of offerFilters) {
      const changes = countChanges(offer, filter, query);
      if (changes === 0) continue;
      count += changes;
      effort += changes * efforts[filter];
    }
    if (effort === Infinity || count === 0) continue;
    if (!best || count < best.count || (count === best.count && effort < best.effort)) {
      best = { offer, count, effort };
    }
  }
  if (!best) return undefined;
  const { offer } = best;
  const changes = offerFilters.filter((filter) => !passesFilter(offer, filter, query))
    .flatMap((filter) => describeChanges(offer, filter, query, catalog));
  return { change: `${changes.join(" and ")} (${describeOffer(offer)})`, offer };
}

/** What is known about the labels of all offers. */
interface Catalog {
  readonly keys: ReadonlySet<string>;
  /** For a requirement's only value, should no offer have it: the value that was probably meant. */
  readonly meant: ReadonlyMap<string, string>;
}

function readCatalog(offers: readonly Offer[], query: PreparedQuery): Catalog {
  const keys = new Set<string>();
  const valuesOf = new Map<string, Set<string>>();
  for (const offer of offers) {
    for (const [key, value] of Object.entries(nodeLabels(offer, query.labels))) {
      keys.add(key);
      if (!query.requirements.has(key)) continue;
      const values = valuesOf.get(key);
      if (values) values.add(value);
      else valuesOf.set(key, new Set([value]));
    }
  }
  const meant = new Map<string, string>();
  for (const [key, condition] of query.requirements) {
    const [only, ...others] = condition.complement ? [] : condition.values;
    const values = valuesOf.get(key);
    if (only === undefined || others.length > 0 || !values || values.has(only)) continue;
    const nearest = findNearest(only, values);
    if (nearest !== undefined) meant.set(key, nearest);
  }
  return { keys, meant };
}

/** How many violated requirements name a value that this offer's is probably meant by. */
function mistypedCount(offer: Offer, query: PreparedQuery, { meant }: Catalog): number {
  if (meant.size === 0) return 0;
  const labels = nodeLabels(offer, query.labels);
  return [...meant].filter(([key, value]) => labelOf(labels, key) === value).length;
}

/** An offer in a few words: `lambda us-east-1 gpu_8x_a100, $22.32 an hour`. */
export function describeOffer(offer: Offer): string {
  const where = [offer.provider, offer.location.region].filter((part) => part !== undefined);
  const spot = offer.capacityType === "on-demand" ? "" : `, ${offer.capacityType}`;
  return `${where.join(" ")} ${offer.instanceType}${spot}, ${
    displayUsd(offer.price.perHour)
  } an hour`;
}

function countChanges(offer: Offer, filter: OfferFilter, query: PreparedQuery): number {
  if (passesFilter(offer, filter, query)) return 0;
  if (filter === "requirements") return violatedKeys(offer, query).length;
  if (filter === "resources") return lackingResources(offer, query).length;
  return 1;
}

function describeChanges(
  offer: Offer,
  filter: OfferFilter,
  query: PreparedQuery,
  catalog: Catalog,
): readonly string[] {
  switch (filter) {
    case "account": {
      const reason = query.accounts.get(offer.account)?.blocked;
      return [`make account "${offer.account}" usable${reason ? `: ${reason}` : ""}`];
    }
    case "requirements":
      return violatedKeys(offer, query).map((key) => describeKey(offer, key, query, catalog));
    case "named":
      return Object.entries(labelsToName(offer))
        .filter(([key, value]) => !names(query.requirements, key, value))
        .map(([key, value]) => `list "${value}" by name in a requirement on ${key}`);
    case "resources":
      return lackingResources(offer, query).map((name) => {
        const [most, asked] = [offer.allocatable[name], query.resources[name]].map((amount) =>
          formatQuantity(amount ?? 0 as Quantity)
        );
        return `ask for at most ${most} of ${name} instead of ${asked}`;
      });
    case "maxPerHour":
      return [`raise price.maxPerHour to ${formatUsd(offer.price.perHour)}`];
    case "maxPerGpuHour":
      return [`raise price.maxPerGpuHour to ${formatUsd(offer.price.perGpuHour)}`];
    case "available":
      return ["wait until it is in stock"];
    case "excluded":
      return ["wait until it is tried again, it was refused lately"];
    case "joinable":
      return [`make its machine able to join: ${offer.notJoinable}`];
    case "suspectPrice":
      return ["wait until its price can be believed"];
  }
}

function describeKey(
  offer: Offer,
  key: string,
  query: PreparedQuery,
  { keys, meant }: Catalog,
): string {
  const condition = query.requirements.get(key);
  const wanted = condition ? describeCondition(condition) : "";
  if (!keys.has(key)) {
    const nearest = suggestKey(key, keys);
    return nearest
      ? `write ${nearest} instead of ${key}, which no offer has`
      : `drop requirement ${key} ${wanted}: no offer has that label`;
  }
  const value = labelOf(nodeLabels(offer, query.labels), key);
  if (value === undefined) return `drop requirement ${key} ${wanted}`;
  if (meant.get(key) === value) {
    return `write "${value}" instead of "${[...condition?.values ?? []][0]}" for ${key}`;
  }
  return `allow "${value}" for ${key}, which must be ${wanted}`;
}

function violatedKeys(offer: Offer, query: PreparedQuery): readonly string[] {
  const labels = nodeLabels(offer, query.labels);
  return [...query.requirements].flatMap(([key, condition]) =>
    allows(condition, labelOf(labels, key)) ? [] : [key]
  ).sort();
}

/** How far a machine is from what was asked: per lacking resource the missing part, at most 1. */
function shortfall(offer: Offer, query: PreparedQuery): number {
  return lackingResources(offer, query).reduce((sum, name) => {
    const [most, asked] = [offer.allocatable[name] ?? 0, query.resources[name] ?? 0];
    return sum + (asked - most) / asked;
  }, 0);
}

function lackingResources(offer: Offer, query: PreparedQuery): readonly string[] {
  return Object.entries(query.resources).flatMap(([name, amount]) =>
    amount > (offer.allocatable[name] ?? 0) ? [name] : []
  ).sort();
}
