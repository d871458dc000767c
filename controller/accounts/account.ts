/**
 * One account at one cloud, as the controller knows it: its client, its offers, its machines, and
 * what keeps it from buying.
 *
 * @module
 */

import type { Offer, Provider } from "../../providers/contract.ts";
import type { ProviderErrorKind } from "../../providers/errors.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import type { StockMemory } from "../stock_memory.ts";
import type { InstanceList } from "./presence.ts";

/** What keeps an account from buying. */
export interface Problem {
  /** One of the reasons in `schemas/conditions.ts`. */
  readonly reason: string;
  readonly message: string;
}

/** Offers as last read. */
export interface OfferSnapshot {
  readonly offers: readonly Offer[];
  readonly readAt: number;
}

/** Why the offers could not be read when they last should have been. */
export interface OffersFailure {
  readonly kind: ProviderErrorKind;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What concerns the whole account: a refusal (billing, quota, wrong key), or being out of reach. */
export interface Block extends Problem {
  /** Not tried before this time; epoch milliseconds. */
  readonly until: number;
  /** Whether it goes by itself within moments, so that waiting for it is better than giving up. */
  readonly passing?: boolean | undefined;
}

/** An account. Fields change as its poller and the node class reconciler learn more. */
export interface Account {
  readonly className: string;
  readonly name: string;
  readonly fingerprint: string;
  readonly provider: Provider;
  /** The class's entry; replaced when the class changes, absent once the class no longer lists it. */
  entry: ProviderEntry | undefined;
  /** Why the class's own key cannot be used now, while this client goes on to end machines. */
  keyProblem: Problem | undefined;
  /** Whether the vendor accepted the key. */
  verified: boolean;
  /** Identity of the account, where the cloud has one. */
  identity: string | undefined;
  /** Why the last verification, list or refresh failed. */
  problem: Problem | undefined;
  block: Block | undefined;
  snapshot: OfferSnapshot | undefined;
  /** What the first reading is compared with: offers of an earlier client, or as published before a restart. */
  lastOffers: readonly Offer[];
  offersFailure: OffersFailure | undefined;
  /** The newest complete lists, newest first. */
  lists: readonly InstanceList[];
  stock: StockMemory;
}

/** The key of an account: unique over all classes. */
export function accountKey(className: string, name: string): string {
  return `${className}/${name}`;
}

/** Class and name of an account's key. */
export function parseAccountKey(key: string): readonly [className: string, name: string] {
  const [className = "", name = ""] = key.split("/");
  return [className, name];
}

/** Why an account may not buy now; `undefined` when it may. */
export function decideBuyingProblem(account: Account, now: number): Problem | undefined {
  if (!account.entry) {
    return { reason: reasons.providerDisabled, message: "The class no longer lists this account" };
  }
  if (account.entry.enabled === false) {
    return { reason: reasons.providerDisabled, message: "The class says enabled: false" };
  }
  if (account.keyProblem) return account.keyProblem;
  if (account.block && account.block.until > now) return account.block;
  if (!account.verified) {
    return account.problem ?? { reason: reasons.pending, message: "The key is being verified" };
  }
  return undefined;
}

/**
 * The same, but for what goes by itself within moments: told to people it would come and go with every
 * order that is held back or throttled.
 */
export function decideLastingProblem(account: Account, now: number): Problem | undefined {
  const block = account.block?.passing ? undefined : account.block;
  return decideBuyingProblem({ ...account, block }, now);
}

/** Whether too little is known of an account to say that it has nothing to offer: it has just started. */
export function isUnheard(account: Account, now: number): boolean {
  if (account.problem) return false;
  const problem = decideBuyingProblem(account, now);
  return problem ? problem.reason === reasons.pending : !account.snapshot;
}

/** How many complete lists are kept: two decide, one more for the price of nothing. */
const keptLists = 3;

/** Records a complete list. */
export function recordList(account: Account, list: InstanceList): void {
  account.lists = [list, ...account.lists].slice(0, keptLists);
}
