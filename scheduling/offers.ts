/**
 * Which offers could serve a need, in the order in which they are tried.
 *
 * @module
 */

import type { Offer } from "../providers/contract.ts";
import { labels as labelKeys } from "../schemas/labels.ts";
import type { Requirement } from "../schemas/meta.ts";
import type { MicroUsd } from "../schemas/money.ts";
import { fitsInto, type Resources } from "../schemas/quantity.ts";
import { findViolated, names, parseRequirements, type Requirements } from "./requirements.ts";

/** How one account of a node class is used. */
export interface AccountTerms {
  /** The entry of the class's providers; {@linkcode Offer.account} refers to it. */
  readonly name: string;
  /** Lower is tried first; equals compete on price. */
  readonly priority: number;
  /** Why nothing is bought from this account now; absent when it may be used. */
  readonly blocked?: string | undefined;
}

/** What an offer must meet. */
export interface OfferQuery {
  /** Conditions on the future node's labels. */
  readonly requirements: readonly Requirement[];
  /** Labels the node gets besides the offer's own. @default {} */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** What the machine must at least have allocatable. */
  readonly resources: Resources;
  /** Most US dollars per hour for the machine. */
  readonly maxPerHour?: MicroUsd | undefined;
  /** Most US dollars per hour for one GPU. */
  readonly maxPerGpuHour?: MicroUsd | undefined;
  /** Accounts that may be used; offers of others are left out. */
  readonly accounts: readonly AccountTerms[];
  /** Ids of offers that were refused or are remembered as out of stock. @default none */
  readonly excluded?: ReadonlySet<string> | undefined;
}

/** Rules an offer must pass, in the order in which they are checked. */
export const offerFilters = [
  "account",
  "requirements",
  "named",
  "resources",
  "joinable",
  "suspectPrice",
  "maxPerHour",
  "maxPerGpuHour",
  "available",
  "excluded",
] as const;

/** A rule an offer must pass. */
export type OfferFilter = typeof offerFilters[number];

/** A query made ready for many offers. */
export interface PreparedQuery extends Omit<OfferQuery, "requirements" | "accounts"> {
  readonly requirements: Requirements;
  readonly accounts: ReadonlyMap<string, AccountTerms>;
}

/**
 * Makes a query ready.
 *
 * @throws {RangeError} If a requirement cannot be read.
 */
export function prepareQuery(query: OfferQuery): PreparedQuery {
  return {
    ...query,
    requirements: parseRequirements(query.requirements),
    accounts: new Map(query.accounts.map((account) => [account.name, account])),
  };
}

/**
 * The offers that pass every rule, best first: by account priority, then price, then on-demand before
 * spot, then fewer GPUs, then id, so that the order never depends on that of the catalog.
 *
 * @throws {RangeError} If a requirement cannot be read.
 */
export function selectOffers(offers: readonly Offer[], query: OfferQuery): readonly Offer[] {
  const prepared = prepareQuery(query);
  return offers.filter((offer) => passes(offer, prepared)).sort((left, right) =>
    priorityOf(left, prepared) - priorityOf(right, prepared) || compareByPrice(left, right)
  );
}

/** Order among offers of equal account priority. */
export function compareByPrice(left: Offer, right: Offer): number {
  return left.price.perHour - right.price.perHour ||
    Number(left.capacityType === "spot") - Number(right.capacityType === "spot") ||
    (left.gpu?.count ?? 0) - (right.gpu?.count ?? 0) ||
    (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
}

/** Whether one offer passes one rule. */
export function passesFilter(offer: Offer, filter: OfferFilter, query: PreparedQuery): boolean {
  switch (filter) {
    case "account": {
      const account = query.accounts.get(offer.account);
      return account !== undefined && account.blocked === undefined;
    }
    case "requirements":
      return findViolated(query.requirements, nodeLabels(offer, query.labels)) === undefined;
    case "named":
      return isNamedWhereNeeded(offer, query.requirements);
    case "resources":
      return fitsInto(query.resources, offer.allocatable);
    case "joinable":
      return offer.notJoinable === undefined;
    case "suspectPrice":
      return offer.price.suspect === undefined;
    case "maxPerHour":
      return query.maxPerHour === undefined || offer.price.perHour <= query.maxPerHour;
    case "maxPerGpuHour":
      return query.maxPerGpuHour === undefined || offer.gpu === undefined ||
        offer.price.perGpuHour <= query.maxPerGpuHour;
    case "available":
      return offer.available;
    case "excluded":
      return !query.excluded?.has(offer.id);
  }
}

/** The labels a node of this offer has; what the template says wins over what the offer says. */
export function nodeLabels(
  offer: Offer,
  template: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return { [labelKeys.arch]: offer.arch, [labelKeys.os]: "linux", ...offer.labels, ...template };
}

/**
 * Labels of an offer that a requirement must list by value before it is bought: what surprises pods that
 * did not ask for it.
 *
 * A GPU model outside our table may be a rename or a mistake; most images do not run on Arm, and an
 * Arm superchip is often the cheapest offer of its size; spot machines may go at any moment.
 */
export function labelsToName(offer: Offer): Readonly<Record<string, string>> {
  const { arch, capacityType, gpu, labels } = offer;
  return {
    ...(gpu && !gpu.known ? { [labelKeys.gpuModel]: labels[labelKeys.gpuModel] ?? gpu.model } : {}),
    ...(arch === "amd64" ? {} : { [labelKeys.arch]: arch }),
    ...(capacityType === "spot" ? { [labelKeys.capacityType]: capacityType } : {}),
  };
}

/** Whether requirements list everything that {@linkcode labelsToName} says must be listed. */
export function isNamedWhereNeeded(offer: Offer, requirements: Requirements): boolean {
  return Object.entries(labelsToName(offer)).every(([key, value]) =>
    names(requirements, key, value)
  );
}

function passes(offer: Offer, query: PreparedQuery): boolean {
  return offerFilters.every((filter) => passesFilter(offer, filter, query));
}

function priorityOf(offer: Offer, query: PreparedQuery): number {
  return query.accounts.get(offer.account)?.priority ?? 0;
}
