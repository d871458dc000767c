/**
 * What claims reserve in budgets and what they have cost.
 *
 * @module
 */

import type { MicroUsd } from "../schemas/money.ts";

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
