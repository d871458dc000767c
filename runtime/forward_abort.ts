/**
 * One signal that follows another for a while.
 *
 * @module
 */

/**
 * Aborts `controller` when `signal` aborts. Unlike `AbortSignal.any` it can be undone, so a signal that
 * lives as long as the process does not collect one follower per request.
 *
 * @returns Undoes it.
 */
export function forwardAbort(
  signal: AbortSignal | undefined,
  controller: AbortController,
): () => void {
  if (!signal) return () => {};
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return () => signal.removeEventListener("abort", onAbort);
}
