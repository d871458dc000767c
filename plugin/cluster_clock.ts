/**
 * The time by which the cluster lives.
 *
 * Ages are measured from timestamps that the API server wrote, so they are measured with its clock: a
 * laptop whose clock is off shows the same ages as everybody else's, and a simulated cluster shows
 * simulated ages.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";

/** Smaller differences are the granularity of the header and the time on the way. */
const toleratedMs = 3_000;

/** A clock that follows the API server's, once it has been heard of. */
export interface ClusterClock extends Clock {
  /** Takes note of an answer's `Date` header (RFC 9110: whole seconds, GMT). */
  observe(date: string | null): void;
  /** What the last answer said, less the local time, in milliseconds; `undefined` before there was one. */
  readonly lastSkewMs: number | undefined;
}

/** Creates a clock that agrees with `local` until an answer says otherwise. */
export function createClusterClock(local: Clock): ClusterClock {
  let offsetMs = 0;
  let lastSkewMs: number | undefined;
  return {
    get lastSkewMs() {
      return lastSkewMs;
    },
    now: () => local.now() + offsetMs,
    sleep: (delayMs, signal) => local.sleep(delayMs, signal),
    observe(date) {
      const serverMs = Date.parse(date ?? "");
      if (Number.isNaN(serverMs)) return;
      const difference = serverMs - local.now();
      lastSkewMs = difference;
      offsetMs = Math.abs(difference) > toleratedMs ? difference : 0;
    },
  };
}
