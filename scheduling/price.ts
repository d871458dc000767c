/**
 * What claims reserve in budgets and what they have cost.
 *
 * @module
 */

import { conditionTypes, findCondition, parseTime, reasons } from "../schemas/conditions.ts";
import { costUsd, maxUsd, type MicroUsd, zeroUsd } from "../schemas/money.ts";
import type { GPUNodeClaim } from "../schemas/node_claim.ts";

/** Since when a price counts. */
export interface PriceSegment {
  /** Epoch milliseconds. */
  readonly fromMs: number;
  readonly perHour: MicroUsd;
}

/** Time that a vendor bills for, of a live claim or of a line of the ledger. */
export interface MeteredTime {
  /** Ascending; the first one starts the bill. Empty: nothing was billed. */
  readonly prices: readonly PriceSegment[];
  /** When the machine was confirmed gone; `undefined` while it may run. */
  readonly endMs: number | undefined;
  /** Smallest time the vendor bills, in milliseconds. */
  readonly billingIncrementMs: number;
}

/**
 * Whether a machine of this claim may exist: an id is known, or an order was or may have been sent
 * and was not refused for certain.
 */
export function mayHaveMachine(claim: GPUNodeClaim): boolean {
  const { status } = claim;
  if (findCondition(status?.conditions, conditionTypes.instanceTerminated)?.status === "True") {
    return false;
  }
  if (status?.instanceID !== undefined) return true;
  // Abandoned: complete lists were searched for the name until it could no longer appear.
  if (status?.end?.reason === reasons.abandoned) return false;
  return status?.launch !== undefined && status.launch.outcome !== "Refused";
}

/** Whether this claim may still order a machine: it has none, and is not ending. */
export function mayStillLaunch(claim: GPUNodeClaim): boolean {
  return claim.metadata.deletionTimestamp === undefined && claim.status?.end === undefined &&
    !mayHaveMachine(claim) &&
    findCondition(claim.status?.conditions, conditionTypes.instanceTerminated)?.status !== "True";
}

/**
 * What a claim takes from spend limits, per hour: its ceiling until its price is known, then the
 * larger of launch price and current price, and nothing once it neither has nor can get a machine.
 *
 * A claim made by hand without a ceiling reserves the price of the offer it ordered, and nothing
 * before that: whoever writes its order checks the limits with the offer's price.
 */
export function reservationPerHour(claim: GPUNodeClaim): MicroUsd {
  if (!mayHaveMachine(claim) && !mayStillLaunch(claim)) return zeroUsd;
  const prices = claim.status?.prices ?? [];
  const [launched] = prices;
  const current = prices.at(-1);
  if (launched && current) return maxUsd(launched.perHour, current.perHour);
  const { launch } = claim.status ?? {};
  const ordered = launch && launch.outcome !== "Refused" ? launch.offer.pricePerHour : zeroUsd;
  return maxUsd(claim.spec.maxPricePerHour ?? zeroUsd, ordered);
}

/**
 * The billed time of a claim. Where no price was recorded although a machine may exist (an order
 * whose outcome is unknown), it bills at the ordered price since the intent.
 */
export function meteredTimeOf(claim: GPUNodeClaim): MeteredTime {
  const { launch, prices = [], conditions, steps } = claim.status ?? {};
  const billingIncrementMs = launch?.offer.billingIncrement ?? 1;
  const terminated = findCondition(conditions, conditionTypes.instanceTerminated);
  const gone = steps?.find((step) => step.step === "Gone")?.time ??
    (terminated?.status === "True" ? terminated.lastTransitionTime : undefined);
  const endMs = parseTime(gone);
  if (prices.length > 0) {
    const segments = prices.map(({ from, perHour }) => ({ fromMs: parseTime(from), perHour }));
    return { prices: segments, endMs, billingIncrementMs };
  }
  if (!launch || !mayHaveMachine(claim)) return { prices: [], endMs, billingIncrementMs };
  const since = { fromMs: parseTime(launch.intentTime), perHour: launch.offer.pricePerHour };
  return { prices: [since], endMs, billingIncrementMs };
}

/**
 * What was billed from `fromMs` to `untilMs`. A started increment counts whole, from the moment it
 * starts, and at the highest price that was valid during it.
 */
export function costBetween(metered: MeteredTime, fromMs: number, untilMs: number): MicroUsd {
  return Math.max(0, billedUntil(metered, untilMs) - billedUntil(metered, fromMs)) as MicroUsd;
}

/** 00:00 UTC of the day of `now`, in epoch milliseconds. */
export function startOfUtcDay(now: number): number {
  const dayMs = 86_400_000;
  return Math.floor(now / dayMs) * dayMs;
}

/** Everything billed before `timeMs`; never falls as `timeMs` grows. */
function billedUntil({ prices, endMs, billingIncrementMs }: MeteredTime, timeMs: number): number {
  const [first] = prices;
  if (!first) return 0;
  const incrementMs = Math.max(1, billingIncrementMs);
  const until = Math.min(timeMs, endMs ?? timeMs);
  let total = 0;
  // The increment that the previous segment ended in, and what it was charged at.
  let shared = { index: -1, perHour: 0 };
  for (const [position, { fromMs, perHour }] of prices.entries()) {
    const toMs = Math.min(prices[position + 1]?.fromMs ?? until, until);
    if (toMs <= fromMs) continue;
    let start = Math.floor((fromMs - first.fromMs) / incrementMs);
    const end = Math.ceil((toMs - first.fromMs) / incrementMs);
    let dearest: number = perHour;
    if (start === shared.index) {
      dearest = Math.max(perHour, shared.perHour);
      const rise = (dearest - shared.perHour) as MicroUsd;
      total += costUsd(rise, incrementMs, incrementMs);
      start += 1;
    }
    total += costUsd(perHour, (end - start) * incrementMs, incrementMs);
    shared = { index: end - 1, perHour: end > start ? perHour : dearest };
  }
  return total;
}
