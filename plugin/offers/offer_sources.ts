/**
 * Offers, and who gave them.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";

/** One account that was asked. */
export interface OfferSource {
  readonly provider: string;
  /** The entry of the class's providers. */
  readonly account: string;
  /** The GPUNodeClass; `undefined` with `--local`. */
  readonly nodeClass: string | undefined;
  readonly state: "ok" | "failed";
  /** When its offers were read, in epoch milliseconds; `undefined` if they never were. */
  readonly readAt: number | undefined;
  /** Why it failed. */
  readonly error: string | undefined;
  /** Whether it failed because the cloud rejects the key. */
  readonly unauthorized: boolean;
}

/** Offers of every account that answered. */
export interface OfferReading {
  readonly sources: readonly OfferSource[];
  readonly offers: readonly Offer[];
}
