/**
 * Time limits on work that may ignore its signal.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import { forwardAbort } from "../runtime/forward_abort.ts";

/** A limit and what to throw when it is reached. */
export interface Deadline {
  /** Milliseconds of the clock; 0 is no limit. */
  readonly timeoutMs: number;
  readonly toError: () => Error;
}

/**
 * Runs work under a time limit.
 *
 * @param signal Ends the work early.
 * @param work Gets a signal that aborts at the limit and when `signal` does.
 * @throws What `deadline.toError` makes, at the limit; the signal's reason, when it aborts; both at
 * once, whether or not the work heeds its signal.
 */
export async function withDeadline<T>(
  clock: Clock,
  deadline: Deadline,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const limit = new AbortController();
  const done = new AbortController();
  const unlink = forwardAbort(signal, limit);
  if (deadline.timeoutMs > 0) {
    clock.sleep(deadline.timeoutMs, done.signal).then(
      () => limit.abort(deadline.toError()),
      () => {},
    );
  }
  try {
    return await orAbort(work(limit.signal), limit.signal);
  } finally {
    done.abort();
    unlink();
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as that aborts. */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
