/**
 * Waiting in real time: a control plane of real processes has no other.
 *
 * @module
 */

/**
 * Waits `delayMs` milliseconds.
 *
 * @throws The signal's reason, as soon as `signal` aborts.
 */
export function delay(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * Calls `read` every 100 ms until it gives something other than `undefined`.
 *
 * @throws {Error} Nothing came within `timeoutMs`; the message says what was awaited.
 */
export async function waitFor<T>(
  what: string,
  read: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 30_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (performance.now() > deadlineMs) {
      throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}`);
    }
    await delay(100);
  }
}
