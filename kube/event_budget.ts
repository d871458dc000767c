/**
 * How many Events one object may have: a reconciler in a loop must not flood the API server.
 *
 * @module
 */

import { LeastRecent } from "./least_recent.ts";

/** client-go's spam filter (`tools/record/events_cache.go`, read 2026-11): 25, then 1 per 5 minutes. */
const burst = 25;
const refillMs = 300_000;
const maxObjects = 4_096;

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** One token bucket per object. */
export class EventBudget {
  readonly #buckets = new LeastRecent<Bucket>(maxObjects);

  /**
   * Takes one Event from the budget of `object`.
   *
   * @param nowMs Epoch milliseconds.
   * @returns False if there is none left.
   */
  take(object: string, nowMs: number): boolean {
    const { tokens, atMs } = this.#buckets.get(object) ?? { tokens: burst, atMs: nowMs };
    const refilled = Math.min(burst, tokens + Math.max(0, nowMs - atMs) / refillMs);
    const allowed = refilled >= 1;
    this.#buckets.set(object, { tokens: allowed ? refilled - 1 : refilled, atMs: nowMs });
    return allowed;
  }
}
