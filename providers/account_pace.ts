/**
 * Whose turn it is: the vendor's limits on one account, and its pauses when it says "too often".
 *
 * ```
 * launch ─► launches' bucket ─┐
 *                             ├─► requests' bucket (terminate > list > launch) ─► the vendor
 * others ─────────────────────┘
 * ```
 *
 * @module
 */

import { computeBackoffMs } from "../runtime/backoff.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Random } from "../runtime/random.ts";
import { type Token, TokenBucket } from "../runtime/token_bucket.ts";
import type { CallMetrics } from "./call_metrics.ts";
import type { CallPriority } from "./call_plan.ts";
import { LaunchTicket } from "./launch_ticket.ts";
import { resilienceDefaults } from "./resilience_defaults.ts";

/** What {@linkcode AccountPace} is built on. */
export interface AccountPaceDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: CallMetrics;
}

/** Limits of one account. */
export interface PaceLimits {
  /** Milliseconds between two requests, in the long run. */
  readonly requestIntervalMs: number;
  /** Requests that may follow each other at once after a quiet time. @default {1} */
  readonly requestBurst?: number | undefined;
  /** Milliseconds between two launches. */
  readonly launchIntervalMs: number;
}

/** See the module. */
export class AccountPace {
  readonly #deps: AccountPaceDeps;
  readonly #requests: TokenBucket<CallPriority>;
  readonly #launches: TokenBucket<"launch">;
  #throttledInARow = 0;
  #pausedUntilMs = -Infinity;

  constructor(deps: AccountPaceDeps, limits: PaceLimits) {
    this.#deps = deps;
    const { clock, metrics } = deps;
    this.#requests = new TokenBucket<CallPriority>({
      clock,
      intervalMs: limits.requestIntervalMs,
      burst: limits.requestBurst,
      priorities: ["terminate", "list", "launch"],
      onQueueLength: (length) => metrics.gauge("tgp_provider_queue_length", length),
    });
    this.#launches = new TokenBucket<"launch">({
      clock,
      intervalMs: limits.launchIntervalMs,
      priorities: ["launch"],
      onQueueLength: (length) => metrics.gauge("tgp_provider_launch_queue_length", length),
    });
  }

  /** How many calls wait for their turn, launches included. */
  get queueLength(): number {
    return this.#requests.queueLength + this.#launches.queueLength;
  }

  /** Waits for a turn. @throws The signal's reason, as soon as `signal` aborts. */
  takeTurn(priority: CallPriority, signal: AbortSignal): Promise<Token> {
    return this.#requests.take(priority, signal);
  }

  /**
   * Takes a place in the launch queue and in the request queue.
   *
   * @throws The signal's reason, as soon as `signal` aborts; no place is kept then.
   */
  async acquireLaunch(signal: AbortSignal): Promise<LaunchTicket> {
    const launch = await this.#launches.take("launch", signal);
    try {
      return new LaunchTicket(await this.#requests.take("launch", signal), launch);
    } catch (error) {
      launch.giveBack();
      throw error;
    }
  }

  /** A call got its answer: the next throttle is the first again. */
  noteAnswer(): void {
    this.#throttledInARow = 0;
  }

  /**
   * The whole account waits: the vendor counts all requests together.
   *
   * @param priority Of the call that was too often. A launch makes launches wait, too.
   * @param retryAfterMs What the vendor asks for, if it says.
   */
  noteThrottle(priority: CallPriority, retryAfterMs: number | undefined): void {
    const { clock, random } = this.#deps;
    // Calls that were under way when the pause began are refused for the same reason, not once more.
    if (clock.now() >= this.#pausedUntilMs) this.#throttledInARow++;
    // A wait of zero is no answer to how long: too often was too often.
    const wantedMs = retryAfterMs ||
      computeBackoffMs(resilienceDefaults.throttleBackoff, this.#throttledInARow, random);
    const untilMs = clock.now() + Math.min(wantedMs, resilienceDefaults.maxPauseMs);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
    if (priority === "launch") this.#launches.pauseUntil(untilMs);
    this.#requests.pauseUntil(untilMs);
  }
}
