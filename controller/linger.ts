/**
 * A signal that aborts a while after another: for a call that a shutdown should not cut off.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";

/** See the module. */
export interface Lingering {
  readonly signal: AbortSignal;
  /** The call is over: nothing waits any more. */
  [Symbol.dispose](): void;
}

/**
 * Follows a signal with a delay.
 *
 * @param graceMs How long the call may go on after `signal` has aborted, in milliseconds.
 */
export function linger(signal: AbortSignal, clock: Clock, graceMs: number): Lingering {
  const late = new AbortController();
  const over = new AbortController();
  const onAbort = () => {
    clock.sleep(graceMs, over.signal).then(() => late.abort(signal.reason), () => {});
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    signal: late.signal,
    [Symbol.dispose]() {
      signal.removeEventListener("abort", onAbort);
      over.abort(new Error("The call is over"));
    },
  };
}
