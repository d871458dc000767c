/**
 * Work that has an end, one way or the other.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";

/** What the signal says when the time is up. */
export class DeadlineError extends Error {
  override name = "DeadlineError";

  constructor() {
    super("the time is up");
  }
}

/**
 * Runs something with a signal that aborts when the time is up, or when `signal` does. Unlike a race, this
 * waits for what `run` makes of it: an account of what is left.
 *
 * @param timeoutMs 0 is no limit.
 */
export async function untilDeadline<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  if (timeoutMs > 0) {
    clock.sleep(timeoutMs, done.signal).then(() => limit.abort(new DeadlineError()), () => {});
  }
  try {
    return await run(AbortSignal.any([signal, limit.signal]));
  } finally {
    done.abort();
  }
}
