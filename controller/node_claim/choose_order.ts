/**
 * What a claim without a machine should do now: order, wait or end.
 *
 * Judged before the wait for a place in the vendor's queue and again after it, since that wait can be
 * long: prices, stock, keys, limits and need may have changed.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { explainOffers } from "../../scheduling/offer_explanation.ts";
import { selectOffers } from "../../scheduling/offers.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import { type Account, decideBuyingProblem, isUnheard } from "../accounts/account.ts";
import { toOfferQuery } from "./candidates.ts";
import { poolName } from "./claim_state.ts";
import type { NodeClaimDeps } from "./deps.ts";
import type { OrderBudget } from "./order_budget.ts";

/** Pause before a claim is looked at again that waits for knowledge. */
const lookAgainMs = 1_000;

/** What to do. */
export type OrderChoice =
  | {
    readonly kind: "order";
    readonly nodeClass: GPUNodeClass;
    readonly account: Account;
    readonly offer: Offer;
    /** Best first; some before `offer` may be too large for the limits. */
    readonly ranked: readonly Offer[];
  }
  | { readonly kind: "wait"; readonly delayMs: number; readonly reason: string }
  | { readonly kind: "end"; readonly end: NonNullable<NodeClaimStatus["end"]> };

/** What the choice depends on. */
export type OrderChoiceDeps =
  & Pick<NodeClaimDeps, "clock" | "accounts" | "classes" | "pools" | "need">
  & { readonly budget: Pick<OrderBudget, "check"> };

/** Chooses; no effects. */
export function chooseOrder(deps: OrderChoiceDeps, claim: GPUNodeClaim): OrderChoice {
  const className = claim.spec.nodeClassRef.name;
  const nodeClass = deps.classes.get(className);
  if (!nodeClass || nodeClass.metadata.deletionTimestamp) {
    const what = nodeClass ? "is being deleted" : "does not exist";
    return end(reasons.nodeClassNotFound, `GPUNodeClass "${className}" ${what}`);
  }
  const pool = deps.pools.get(poolName(claim) ?? "");
  const unwanted = judgePool(deps, claim, pool);
  if (unwanted) return unwanted;

  const now = deps.clock.now();
  const accounts = deps.accounts.ofClass(className);
  const { offers, query } = toOfferQuery(claim, { accounts, price: pool?.spec.price, now });
  const ranked = selectOffers(offers, query);
  const [best] = ranked;
  if (!best) {
    const delayMs = untilMoreIsKnown(nodeClass, accounts, now);
    return delayMs === undefined
      ? end(reasons.noOfferLeft, explainOffers(offers, query).message)
      : { kind: "wait", delayMs, reason: "what accounts offer is not known yet" };
  }
  const offer = ranked.find((candidate) => deps.budget.check(claim, candidate) === undefined);
  if (!offer) return end(reasons.limitReached, deps.budget.check(claim, best)?.message ?? "");
  const account = deps.accounts.get(className, offer.account);
  return account
    ? { kind: "order", nodeClass, account, offer, ranked }
    : { kind: "wait", delayMs: lookAgainMs, reason: "the account is being replaced" };
}

/** Whether the pool, and the pods that the claim was made for, still want it. */
function judgePool(
  { need }: OrderChoiceDeps,
  claim: GPUNodeClaim,
  pool: GPUNodePool | undefined,
): OrderChoice | undefined {
  const name = poolName(claim);
  if (name === undefined) return undefined;
  if (!pool || pool.metadata.deletionTimestamp) {
    return end(reasons.notNeeded, `GPUNodePool "${name}" does not exist any more`);
  }
  if (pool.spec.paused) return end(reasons.paused, `GPUNodePool "${name}" is paused`);
  switch (need.of(claim.metadata.name)) {
    case "unknown":
      return { kind: "wait", delayMs: lookAgainMs, reason: "need is not known yet" };
    case "no":
      return end(reasons.notNeeded, "No pod waits for this machine any more");
    case "yes":
      return undefined;
  }
}

/**
 * How long to wait for accounts that are not known well enough to say that they have no offer: just
 * started, or out of reach for a moment.
 */
function untilMoreIsKnown(
  nodeClass: GPUNodeClass,
  accounts: readonly Account[],
  now: number,
): number | undefined {
  const delays = nodeClass.spec.providers.filter(({ enabled }) => enabled !== false)
    .flatMap(({ name }) => {
      const account = accounts.find((candidate) => candidate.name === name);
      if (!account) return isJudgedUnusable(nodeClass, name) ? [] : [lookAgainMs];
      if (account.block && decideBuyingProblem(account, now) === account.block) {
        return account.block.passing ? [account.block.until - now] : [];
      }
      return isUnheard(account, now) ? [lookAgainMs] : [];
    });
  return delays.length === 0 ? undefined : Math.max(lookAgainMs, Math.min(...delays));
}

/** Whether the class's status says why an entry has no account; right after a start it does not yet. */
function isJudgedUnusable({ status }: GPUNodeClass, entry: string): boolean {
  const judged = status?.providers?.find(({ name }) => name === entry);
  return judged !== undefined && !judged.available && judged.reason !== reasons.pending;
}

function end(reason: string, message: string): OrderChoice {
  return { kind: "end", end: { reason, message } };
}
