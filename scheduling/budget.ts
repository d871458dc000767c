/**
 * How much may still be bought under the limits of a pool and of its class.
 *
 * @module
 */

import type { Limits } from "../schemas/limits.ts";
import type { MicroUsd } from "../schemas/money.ts";
import type { Resources } from "../schemas/quantity.ts";

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
