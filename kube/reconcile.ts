/**
 * What reconciling one object comes to.
 *
 * @module
 */

/** What to do after a pass that did not fail. */
export type ReconcileOutcome =
  /** Nothing, until the object or something it depends on changes. */
  | { readonly kind: "awaitChange" }
  /** Run again after `delayMs` milliseconds at the latest; `reason` is for logs. */
  | { readonly kind: "requeueAfter"; readonly delayMs: number; readonly reason: string };

/**
 * One pass over one object: sees a key, never an event; safe to run twice and on stale reads.
 *
 * @param key What `toKey` gives.
 * @throws {TerminalError} If only a change of the object can help.
 * @throws Anything else, to run again after a growing delay.
 */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileOutcome>;

/** Trying again would be no use: wait for a change. */
export class TerminalError extends Error {
  override name = "TerminalError";
}
