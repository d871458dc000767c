/**
 * Watching without listing, over and over: for whoever may watch and not list.
 *
 * @module
 */

import { type BackoffOptions, computeBackoffMs } from "../runtime/backoff.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Random } from "../runtime/random.ts";
import { WatchSilenceError } from "./errors.ts";
import { KubeError } from "./kube.ts";

/** Why a watch ended before its time. */
export type WatchFailure =
  /** What has happened since is not told any more: the next watch begins with what is there. */
  | "expired"
  | "forbidden"
  | "interrupted";

/** One watch after the other. */
export interface WatchRounds {
  /** Follows a watch, from where the last one ended, to its end. */
  readonly follow: () => Promise<void>;
  /** @param failures How many rounds in a row were forbidden or interrupted, with this one. */
  readonly onFailure: (failure: WatchFailure, error: unknown, failures: number) => void;
}

/** Between rounds: a server may end every watch at once. */
const pauseMs = 1_000;
/** Until somebody allows it, trying is of no use. */
const forbiddenMs = 10 * 60_000;
const backoff: BackoffOptions = Object.freeze({ initialMs: 1_000, maxMs: 30_000 });

/** Watches until `signal` aborts, which ends the round that is under way. */
export async function keepWatching(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  { follow, onFailure }: WatchRounds,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let delayMs = pauseMs;
    try {
      await follow();
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      const failure = classify(error);
      if (failure === "forbidden" || failure === "interrupted") failures++;
      if (failure === "forbidden") delayMs = forbiddenMs;
      if (failure === "interrupted") delayMs = computeBackoffMs(backoff, failures, random);
      if (failure !== undefined) onFailure(failure, error, failures);
    }
    // Only the signal can make this throw, and then the loop ends.
    await clock.sleep(delayMs, signal).catch(() => {});
  }
}

/** @returns `undefined` for a watch that was merely quiet. */
function classify(error: unknown): WatchFailure | undefined {
  if (error instanceof WatchSilenceError) return undefined;
  if (!(error instanceof KubeError)) return "interrupted";
  switch (error.code) {
    case 410:
      return "expired";
    case 403:
      return "forbidden";
    default:
      return "interrupted";
  }
}
