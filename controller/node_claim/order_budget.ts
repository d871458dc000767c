/**
 * The limits, checked once more for the very machine that is about to be ordered.
 *
 * A plan checks limits for what it means to buy; a claim made by hand was in no plan, a claim may walk
 * to a larger machine than planned, and limits may have changed since.
 *
 * **Guarantees**: check and reservation are one step, and what is reserved counts until the cache shows
 * the intent, so orders written side by side cannot pass a limit together.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import {
  type Budget,
  checkPurchase,
  computeUsage,
  type LimitRefusal,
} from "../../scheduling/budget.ts";
import { mayHaveMachine } from "../../scheduling/price.ts";
import type { Clock } from "../../runtime/clock.ts";
import { parseTime } from "../../schemas/conditions.ts";
import type { Limits } from "../../schemas/limits.ts";
import { maxUsd, zeroUsd } from "../../schemas/money.ts";
import type { GPUNodeClaim, Launch } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import { type Ledger, type LedgerLine, meteredTimeOfLine } from "../ledger.ts";
import type { Reader } from "../reader.ts";
import { poolName } from "./claim_state.ts";

/** What an order budget reads. */
export interface OrderBudgetDeps {
  readonly clock: Clock;
  readonly claims: Reader<GPUNodeClaim>;
  readonly classes: Reader<GPUNodeClass>;
  readonly pools: Reader<GPUNodePool>;
  readonly ledger: Pick<Ledger, "linesOf">;
}

/** See the module. */
export class OrderBudget {
  readonly #deps: OrderBudgetDeps;
  /** Intents that the cache may not show yet, by claim. */
  readonly #intents = new Map<string, Launch>();

  constructor(deps: OrderBudgetDeps) {
    this.#deps = deps;
  }

  /** The limit that forbids a claim to order an offer. */
  check(claim: GPUNodeClaim, offer: Offer): LimitRefusal | undefined {
    const budgets = this.#budgetsOf(claim);
    if (budgets.length === 0) return undefined;
    const perHour = maxUsd(offer.price.perHour, claim.spec.maxPricePerHour ?? zeroUsd);
    return checkPurchase(budgets, { resources: offer.capacity, perHour });
  }

  /** Counts an intent from before it is written. */
  reserve(claim: GPUNodeClaim, launch: Launch): void {
    this.#intents.set(claim.metadata.name, launch);
  }

  /** The intent was not written, or its order refused for certain. */
  release(claim: GPUNodeClaim): void {
    this.#intents.delete(claim.metadata.name);
  }

  #budgetsOf(claim: GPUNodeClaim): readonly Budget[] {
    const className = claim.spec.nodeClassRef.name;
    const pool = poolName(claim);
    const classLimits = this.#deps.classes.get(className)?.spec.limits;
    const poolLimits = pool === undefined ? undefined : this.#deps.pools.get(pool)?.spec.limits;
    if (!classLimits && !poolLimits) return [];
    const others = this.#othersThan(claim);
    return [
      ...(pool === undefined ? [] : this.#budget(
        { scope: "pool", name: pool, limits: poolLimits },
        others.filter((other) => poolName(other) === pool),
        (line) => line.nodePool === pool,
      )),
      ...this.#budget(
        { scope: "class", name: className, limits: classLimits },
        others.filter(({ spec }) => spec.nodeClassRef.name === className),
        (line) => line.nodeClass === className,
      ),
    ];
  }

  #budget(
    scope: { readonly scope: "pool" | "class"; name: string; readonly limits: Limits | undefined },
    claims: readonly GPUNodeClaim[],
    counts: (line: LedgerLine) => boolean,
  ): readonly Budget[] {
    if (!scope.limits) return [];
    const now = this.#deps.clock.now();
    const ledger = this.#deps.ledger.linesOf(now).filter(counts).map(meteredTimeOfLine);
    return [{ ...scope, usage: computeUsage({ claims, ledger, now }) }];
  }

  /** All other claims that have or may have a machine; those that have none yet are checked in turn. */
  #othersThan(claim: GPUNodeClaim): readonly GPUNodeClaim[] {
    this.#forgetWhatTheCacheShows();
    return this.#deps.claims.list().filter(({ metadata }) => metadata.name !== claim.metadata.name)
      .map((other) => {
        const launch = this.#intents.get(other.metadata.name);
        return launch ? { ...other, status: { ...other.status, launch } } : other;
      }).filter(mayHaveMachine);
  }

  #forgetWhatTheCacheShows(): void {
    for (const [name, { intentTime }] of this.#intents) {
      const shown = this.#deps.claims.get(name);
      const seen = parseTime(shown?.status?.launch?.intentTime) ?? -Infinity;
      if (!shown || seen >= parseTime(intentTime)) this.#intents.delete(name);
    }
  }
}
