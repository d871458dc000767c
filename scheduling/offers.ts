/**
 * Which offers could serve a need, in the order in which they are tried.
 *
 * @module
 */

import type { Offer } from "../providers/contract.ts";
import type { Requirement } from "../schemas/meta.ts";
import type { MicroUsd } from "../schemas/money.ts";
import type { Resources } from "../schemas/quantity.ts";

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
export type OfferFilter =
  | "account"
  | "requirements"
  | "knownModel"
  | "resources"
  | "suspectPrice"
  | "maxPerHour"
  | "maxPerGpuHour"
  | "available"
  | "excluded";

/** Why no offer (or only so many) passed. */
export interface OfferExplanation {
  readonly total: number;
  readonly matched: number;
  /** How many offers each rule removed first; rules that removed none are left out. */
  readonly removed: readonly {
    readonly filter: OfferFilter;
    readonly count: number;
    /** The cheapest offer among those. */
    readonly cheapest: Offer;
  }[];
  /** The smallest change that would give an offer; absent when offers match or nothing would help. */
  readonly nearestMiss?: { readonly change: string; readonly offer: Offer } | undefined;
  /** One sentence for people: counts and the nearest miss. */
  readonly message: string;
}
