/**
 * How much may still be bought under the limits of a pool and of its class.
 *
 * Everything counts pessimistically: a claim at its ceiling until its price is known, at the dearest
 * of its prices after that, its machine until it is confirmed gone.
 *
 * **`spendPerDay`.** A purchase is allowed only if what was spent since 00:00 UTC, plus one more hour
 * of everything that runs or is on order, plus the first hour of the purchase stay within the limit.
 * So no purchase can pass the limit by itself, nor by what it makes certain: whoever watches the day's
 * spend has an hour to react before running machines do. The hour counts in full even shortly before
 * midnight, since otherwise the last minute of a day could buy what the next day cannot afford. It is
 * not projected to the end of the day: a one-hour job must not be refused at 00:00 because its machine
 * could run for 24 hours.
 *
 * @module
 */

import type { Limits } from "../schemas/limits.ts";
import { displayUsd, type MicroUsd, sumUsd } from "../schemas/money.ts";
import type { GPUNodeClaim } from "../schemas/node_claim.ts";
import {
  addResources,
  formatQuantity,
  type Quantity,
  type Resources,
} from "../schemas/quantity.ts";
import {
  costBetween,
  mayHaveMachine,
  mayStillLaunch,
  type MeteredTime,
  meteredTimeOf,
  reservationPerHour,
  startOfUtcDay,
} from "./price.ts";

/** What exists or is being bought, counted pessimistically. */
export interface Usage {
  /** Machines that exist, may exist or may still be ordered. */
  readonly nodes: number;
  /** Their capacity. */
  readonly resources: Resources;
  /** The sum of their reservations (see `price.ts`). */
  readonly perHour: MicroUsd;
  /** What was spent since 00:00 UTC, ended machines included. */
  readonly spentToday: MicroUsd;
}

/** The limits of one pool or class, and what counts against them. */
export interface Budget {
  readonly scope: "pool" | "class";
  readonly name: string;
  readonly limits: Limits | undefined;
  readonly usage: Usage;
}

/** One machine that might be bought. */
export interface Purchase {
  /** Capacity of the largest machine it may turn out to be. */
  readonly resources: Resources;
  /** The most it may cost per hour. */
  readonly perHour: MicroUsd;
}

/** The limit that forbids a purchase. */
export interface LimitRefusal {
  readonly scope: "pool" | "class";
  /** Name of the pool or class. */
  readonly name: string;
  /** `nodes`, `spendPerHour`, `spendPerDay` or the name of a resource. */
  readonly limit: string;
  /** For people: what is used, what was wanted, what is allowed, and what would help. */
  readonly message: string;
}

/** What the claims of one pool or class use. */
export interface UsageInput {
  /** All claims of the pool or class that still exist. */
  readonly claims: readonly GPUNodeClaim[];
  /** Billed time of claims that are gone, from the ledger; lines from before today may be left out. */
  readonly ledger: readonly MeteredTime[];
  /**
   * Capacity of the largest machine that a claim which has not ordered yet may get; its requested
   * resources when absent.
   */
  readonly largestCandidate?: ((claim: GPUNodeClaim) => Resources | undefined) | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Nothing bought, nothing spent. */
export const noUsage: Usage = Object.freeze({
  nodes: 0,
  resources: Object.freeze({}),
  perHour: 0 as MicroUsd,
  spentToday: 0 as MicroUsd,
});

/** Adds up what claims use. */
export function computeUsage({ claims, ledger, largestCandidate, now }: UsageInput): Usage {
  const counted = claims.filter((claim) => mayHaveMachine(claim) || mayStillLaunch(claim));
  const dayStart = startOfUtcDay(now);
  const metered = [...ledger, ...claims.map(meteredTimeOf)];
  return {
    nodes: counted.length,
    resources: counted.map((claim) => capacityOf(claim, largestCandidate)).reduce(addResources, {}),
    perHour: sumUsd(counted.map(reservationPerHour)),
    spentToday: sumUsd(metered.map((time) => costBetween(time, dayStart, now))),
  };
}

/** The usage after a purchase. */
export function addPurchase(usage: Usage, purchase: Purchase): Usage {
  return {
    nodes: usage.nodes + 1,
    resources: addResources(usage.resources, purchase.resources),
    perHour: (usage.perHour + purchase.perHour) as MicroUsd,
    spentToday: usage.spentToday,
  };
}

/** The first limit that one more purchase would exceed; `undefined` when it may be bought. */
export function checkPurchase(
  budgets: readonly Budget[],
  purchase: Purchase,
): LimitRefusal | undefined {
  for (const budget of budgets) {
    const refusal = checkOne(budget, purchase);
    if (refusal) return refusal;
  }
  return undefined;
}

/** The first limit that is already reached, so that not even the smallest purchase is possible. */
export function findReachedLimit(budget: Budget): LimitRefusal | undefined {
  const limited = Object.keys(budget.limits?.resources ?? {});
  const least = Object.fromEntries(limited.map((name) => [name, 1 as Quantity]));
  return checkOne(budget, { resources: least, perHour: 1 as MicroUsd });
}

function checkOne(budget: Budget, { resources, perHour }: Purchase): LimitRefusal | undefined {
  const { limits, usage } = budget;
  if (!limits) return undefined;
  const refuse = (limit: string, used: string, wanted: string, allowed: string): LimitRefusal => ({
    scope: budget.scope,
    name: budget.name,
    limit,
    message:
      `Limit ${limit} of ${budget.scope} "${budget.name}" is ${allowed}: ${used}, and this purchase would add ${wanted}`,
  });
  if (limits.nodes !== undefined && usage.nodes + 1 > limits.nodes) {
    return refuse("nodes", `${usage.nodes} exist or are on order`, "1", String(limits.nodes));
  }
  for (const [name, allowed] of Object.entries(limits.resources ?? {})) {
    const used = usage.resources[name] ?? 0;
    const wanted = resources[name] ?? 0;
    if (wanted > 0 && used + wanted > allowed) {
      const [inUse = "", added = "", most = ""] = [used, wanted, allowed].map((amount) =>
        formatQuantity(amount as Quantity)
      );
      return refuse(name, `${inUse} exist or are on order`, added, most);
    }
  }
  if (limits.spendPerHour !== undefined && usage.perHour + perHour > limits.spendPerHour) {
    const used = `${displayUsd(usage.perHour)} an hour is reserved`;
    return refuse("spendPerHour", used, displayUsd(perHour), displayUsd(limits.spendPerHour));
  }
  const committedToday = usage.spentToday + usage.perHour;
  if (limits.spendPerDay !== undefined && committedToday + perHour > limits.spendPerDay) {
    const used = `${displayUsd(usage.spentToday)} was spent since 00:00 UTC and ${
      displayUsd(usage.perHour)
    } goes in the next hour`;
    return refuse(
      "spendPerDay",
      used,
      `${displayUsd(perHour)} in its first hour`,
      displayUsd(limits.spendPerDay),
    );
  }
  return undefined;
}

function capacityOf(
  claim: GPUNodeClaim,
  largestCandidate: UsageInput["largestCandidate"],
): Resources {
  const { launch } = claim.status ?? {};
  if (launch && launch.outcome !== "Refused") return launch.offer.capacity;
  return largestCandidate?.(claim) ?? claim.spec.resources ?? {};
}
