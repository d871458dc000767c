/**
 * Trying until it works, as everything in a kubelet does.
 *
 * @module
 */

import { isNotFound } from "../../kube/kube.ts";
import { type BackoffOptions, computeBackoffMs } from "../../runtime/backoff.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Random } from "../../runtime/random.ts";

/** What {@linkcode persist} needs. */
export interface PersistDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const backoff: BackoffOptions = { initialMs: 1_000, maxMs: 30_000 };

/**
 * Runs `action` until it succeeds, with growing pauses.
 *
 * @param what For logs: what is attempted.
 * @throws {KubeError} 404, because that never gets better, and the signal's reason.
 */
export async function persist<T>(
  deps: PersistDeps,
  what: string,
  action: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (isNotFound(error)) throw error;
      deps.log.debug("Kubelet tries again", { what, error: String(error) });
    }
    await deps.clock.sleep(computeBackoffMs(backoff, attempt, deps.random), signal);
  }
}
