/**
 * A clock that goes wrong by a fixed amount, as vendors' clocks do.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";

/** Shows times `skewMs` ahead of `clock`; sleeps are as long as they are. */
export function skewClock(clock: Clock, skewMs: number): Clock {
  return {
    now: () => clock.now() + skewMs,
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}
