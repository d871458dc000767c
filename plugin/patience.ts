/**
 * How long people are kept waiting.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";

/**
 * Runs something with a signal that aborts after a while. The wait ends then, whether or not the signal
 * was heeded.
 *
 * @param limit How long, in milliseconds, and what the error says when it is over.
 * @throws {Error} With the limit's words, when it is over.
 * @throws Whatever `run` throws before that.
 */
export async function withPatience<T>(
  clock: Clock,
  limit: { readonly ms: number; readonly message: string },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController();
  const done = new AbortController();
  const over = clock.sleep(limit.ms, done.signal).then(
    () => {
      giveUp.abort(new Error(limit.message));
      throw giveUp.signal.reason;
    },
    // The answer came first: this one never decides.
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([run(giveUp.signal), over]);
  } finally {
    done.abort();
  }
}
