/**
 * What a claim may order now.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import type { AccountTerms, OfferQuery } from "../../scheduling/offers.ts";
import type { MicroUsd } from "../../schemas/money.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import { type Account, decideBuyingProblem } from "../accounts/account.ts";
import { isSoldOut } from "../stock_memory.ts";

/** How an account may be used now. */
export function toAccountTerms(account: Account, now: number): AccountTerms {
  const problem = decideBuyingProblem(account, now);
  return {
    name: account.name,
    priority: account.entry?.priority ?? 0,
    ...(problem ? { blocked: problem.message } : {}),
  };
}

/** All offers of a class's accounts, as last read. */
export function collectOffers(accounts: readonly Account[]): readonly Offer[] {
  return accounts.flatMap((account) => account.snapshot?.offers ?? []);
}

/** Ids of offers that are remembered as sold out. */
export function collectSoldOut(accounts: readonly Account[], now: number): readonly string[] {
  return accounts.flatMap((account) =>
    [...account.stock.keys()].filter((id) => isSoldOut(account.stock, id, now))
  );
}

/** What a query is made from besides the claim. */
export interface OfferQueryContext {
  /** Of the claim's class. */
  readonly accounts: readonly Account[];
  /** Price caps of the claim's pool as they are now. */
  readonly price?: GPUNodePool["spec"]["price"];
  readonly now: number;
}

/** The offers of a claim's class and what claim and pool ask of them. */
export function toOfferQuery(
  claim: GPUNodeClaim,
  { accounts, price, now }: OfferQueryContext,
): { readonly offers: readonly Offer[]; readonly query: OfferQuery } {
  const refused = (claim.status?.refusedOffers ?? []).map(({ id }) => id);
  return {
    offers: collectOffers(accounts),
    query: {
      requirements: claim.spec.requirements ?? [],
      labels: claim.spec.labels ?? {},
      resources: claim.spec.resources ?? {},
      maxPerHour: least(claim.spec.maxPricePerHour, price?.maxPerHour),
      maxPerGpuHour: price?.maxPerGpuHour,
      accounts: accounts.map((account) => toAccountTerms(account, now)),
      excluded: new Set([...refused, ...collectSoldOut(accounts, now)]),
    },
  };
}

function least(left: MicroUsd | undefined, right: MicroUsd | undefined): MicroUsd | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left < right ? left : right;
}
