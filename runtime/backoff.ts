/**
 * Exponential backoff with jitter.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** The shape of a growing delay. */
export interface BackoffOptions {
  /** First delay in milliseconds. */
  readonly initialMs: number;
  /** Longest delay in milliseconds. */
  readonly maxMs: number;
  /** Growth per attempt. @default {2} */
  readonly factor?: number;
}

/**
 * The delay before attempt `attempt + 1`, with equal jitter: half fixed, half random, so that many
 * waiters spread out but none returns at once.
 *
 * @param attempt How many attempts have failed so far; 1 or more.
 * @returns Milliseconds.
 */
export function computeBackoffMs(options: BackoffOptions, attempt: number, random: Random): number {
  const factor = options.factor ?? 2;
  const full = Math.min(options.maxMs, options.initialMs * factor ** Math.max(0, attempt - 1));
  return Math.round(full / 2 + (random.next() * full) / 2);
}
