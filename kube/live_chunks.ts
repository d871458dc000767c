/**
 * A byte stream that must keep talking.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";

/** When a stream counts as dead. */
export interface Silence {
  /** Longest wait for the next bytes, in milliseconds. */
  readonly limitMs: number;
  /** Called when the limit is reached: aborts the signal, with the error to throw as reason. */
  readonly onReached: () => void;
}

/**
 * Yields the chunks of a stream. Only time spent waiting for bytes counts as silence, not time that the
 * consumer takes, and while the consumer is busy nothing is read: the sender feels the back pressure.
 *
 * @param signal Ends the stream; its reason is thrown, whether or not the stream heeds it.
 */
export async function* readLiveChunks(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  clock: Clock,
  silence: Silence,
): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  const reader = stream.getReader();
  const ended = new AbortController();
  // A pending read ends when the stream is cancelled, even where the sender is deaf to the signal.
  const onAbort = () => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", onAbort, { once: true });
  const waiting: Waiting = { sinceMs: undefined };
  watchForSilence(clock, silence.limitMs, waiting, ended.signal).then(silence.onReached, () => {});
  try {
    while (true) {
      waiting.sinceMs = clock.now();
      const { done, value } = await reader.read();
      waiting.sinceMs = undefined;
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    ended.abort();
    signal.removeEventListener("abort", onAbort);
    reader.cancel().catch(() => {});
  }
}

interface Waiting {
  /** When the wait for bytes began; `undefined` while nobody waits. */
  sinceMs: number | undefined;
}

/**
 * Resolves when a wait has lasted too long. One sleeper looks now and then, instead of one timer per
 * chunk: streams may bring thousands of chunks a second.
 */
async function watchForSilence(
  clock: Clock,
  limitMs: number,
  waiting: Waiting,
  ended: AbortSignal,
): Promise<void> {
  while (true) {
    const now = clock.now();
    // The clock may have been set back.
    if (waiting.sinceMs !== undefined) waiting.sinceMs = Math.min(waiting.sinceMs, now);
    const quietMs = now - (waiting.sinceMs ?? now);
    if (quietMs >= limitMs) return;
    await clock.sleep(limitMs - quietMs, ended);
  }
}
