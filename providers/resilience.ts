/**
 * How calls to one account are paced, repeated, cut short and given up.
 *
 * ```
 * call ─► breaker closed? ─► token (terminate > list > launch) ─► breaker( timeout( HTTP ) ) ─► answer
 *   ▲                                                                         │
 *   └──── backoff or Retry-After, reads and terminates only ◄── transient, rate_limit
 * ```
 *
 * Limits, pauses and breakers run on the injected clock, since the vendor's limits do too when time is
 * simulated; the time limit of a call runs on the wall clock, as the network does.
 *
 * Cockatiel does the breaker and the time limit. Its retry policy is not used: it waits on the global
 * timer.
 *
 * @module
 */

import { timeout, TimeoutStrategy } from "cockatiel";
import { computeBackoffMs } from "../runtime/backoff.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Random } from "../runtime/random.ts";
import { AccountPace, type PaceLimits } from "./account_pace.ts";
import { CallMetrics } from "./call_metrics.ts";
import { type CallPlan, toCallFailure } from "./call_plan.ts";
import { type BreakerState, CircuitOpenError } from "./circuit_breaker.ts";
import type { OpenBreaker } from "./contract.ts";
import type { ProviderError } from "./errors.ts";
import type { LaunchTicket } from "./launch_ticket.ts";
import { OperationBreakers } from "./operation_breakers.ts";
import { resilienceDefaults } from "./resilience_defaults.ts";

/** What {@linkcode Resilience} is built on. */
export interface ResilienceDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Whose calls, and the limits of the account. */
export interface ResilienceOptions extends PaceLimits {
  readonly provider: string;
  readonly account: string;
  /** `host` or `host:port` that is asked; named in failures. */
  readonly host: string;
}

/** Paces and guards all calls of one account. */
export class Resilience {
  readonly #deps: ResilienceDeps;
  readonly #options: ResilienceOptions;
  readonly #metrics: CallMetrics;
  readonly #pace: AccountPace;
  readonly #breakers: OperationBreakers;

  constructor(deps: ResilienceDeps, options: ResilienceOptions) {
    this.#deps = deps;
    this.#options = { ...options };
    const { clock, log, random } = deps;
    const metrics = new CallMetrics(deps, options);
    this.#metrics = metrics;
    this.#pace = new AccountPace({ clock, random, metrics }, options);
    this.#breakers = new OperationBreakers({ clock, log, metrics }, options.account);
  }

  /** How many calls wait for their turn, launches included. */
  get queueLength(): number {
    return this.#pace.queueLength;
  }

  /** The breaker of an operation. */
  breakerState(operation: string): BreakerState {
    return this.#breakers.state(operation);
  }

  /** Breakers that are not closed, by operation. */
  openBreakers(): readonly OpenBreaker[] {
    return this.#breakers.listOpen();
  }

  /**
   * Looks whether a call would be let through now, for callers that prepare it by other calls.
   *
   * @throws {ProviderError} `transient`, with a `CircuitOpenError` as cause, if its breaker is open.
   */
  checkBreaker(plan: CallPlan): void {
    try {
      this.#breakers.check(plan);
    } catch (error) {
      throw toCallFailure(plan, this.#options, error);
    }
  }

  /**
   * Takes a place in the launch queue and in the request queue.
   *
   * @throws The signal's reason, as soon as `signal` aborts; no place is kept then.
   */
  acquireLaunch(signal: AbortSignal): Promise<LaunchTicket> {
    return this.#pace.acquireLaunch(signal);
  }

  /**
   * Runs a call in its turn, again after a failure if that is safe.
   *
   * @param attempt One try; throws `ProviderError`, or what `fetch` throws.
   * @throws {ProviderError} Whatever went wrong.
   * @throws The signal's reason, as soon as `signal` aborts.
   */
  async call<T>(
    plan: CallPlan,
    attempt: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    for (let tries = 1;; tries++) {
      try {
        await this.#takeTurn(plan, signal);
        return await this.#execute(plan, attempt, signal);
      } catch (error) {
        signal.throwIfAborted();
        const failure = toCallFailure(plan, this.#options, error);
        if (!this.#mayRetry(plan, failure, error, tries)) throw failure;
        const delayMs = this.#delayBeforeRetry(failure, tries);
        this.#deps.log.debug("Repeating a call", {
          account: this.#options.account,
          operation: plan.operation,
          kind: failure.kind,
          delayMs,
        });
        await this.#deps.clock.sleep(delayMs, signal);
      }
    }
  }

  /**
   * Runs a launch, once, on a place taken before. Waits only if others were served while the place was
   * held, or the account is throttled: sent at once, the launch would come too close to theirs.
   *
   * @throws {ProviderError} Whatever went wrong, with the breaker's refusal as `CircuitOpenError` cause.
   * @throws The signal's reason, as soon as `signal` aborts.
   */
  async launch<T>(
    plan: CallPlan,
    ticket: LaunchTicket,
    attempt: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    try {
      this.#breakers.check(plan);
      const waitMs = ticket.use() - this.#deps.clock.now();
      if (waitMs > 0) await this.#deps.clock.sleep(waitMs, signal);
      return await this.#execute(plan, attempt, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw toCallFailure(plan, this.#options, error);
    }
  }

  /** The HTTP exchange: breaker outside, so that it sees timeouts; time limit round all of it. */
  async #execute<T>(
    plan: CallPlan,
    attempt: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const startedAtMs = this.#deps.clock.now();
    // abortOnReturn would abort bodies that are still being read; aggressive, because an injected
    // fetch may ignore its signal.
    const limit = timeout(plan.timeoutMs, {
      strategy: TimeoutStrategy.Aggressive,
      abortOnReturn: false,
    });
    const run = () =>
      limit.execute(({ signal: limited }) => attempt(limited), signal).catch((error: unknown) => {
        // Cockatiel reports the caller's abort as a timeout, and fetch may report a timeout as its own
        // abort: only the caller's signal tells them apart.
        signal.throwIfAborted();
        throw toCallFailure(plan, this.#options, error);
      });
    try {
      const answer = await this.#breakers.execute(plan, run);
      this.#pace.noteAnswer();
      this.#metrics.noteCall(plan, "ok", startedAtMs);
      return answer;
    } catch (error) {
      if (signal.aborted) {
        this.#metrics.noteCall(plan, "cancelled", startedAtMs);
        throw error;
      }
      const failure = toCallFailure(plan, this.#options, error);
      if (failure.kind === "rate_limit") {
        this.#pace.noteThrottle(plan.priority, failure.retryAfterMs);
      }
      this.#metrics.noteCall(plan, failure.kind, startedAtMs);
      throw failure;
    }
  }

  /** Waits for the call's turn; one that is not to be made after all is somebody else's. */
  async #takeTurn(plan: CallPlan, signal: AbortSignal): Promise<void> {
    this.#breakers.check(plan);
    const turn = await this.#pace.takeTurn(plan.priority, signal);
    try {
      signal.throwIfAborted();
      this.#breakers.check(plan);
    } catch (error) {
      turn.giveBack();
      throw error;
    }
  }

  #mayRetry(plan: CallPlan, failure: ProviderError, error: unknown, tries: number): boolean {
    if (tries >= resilienceDefaults.attempts) return false;
    if (error instanceof CircuitOpenError || failure.cause instanceof CircuitOpenError) {
      return false;
    }
    if ((failure.retryAfterMs ?? 0) > resilienceDefaults.maxPauseMs) return false;
    return plan.retry.some((kind) => kind === failure.kind);
  }

  /** After a throttle the paused bucket is the wait. */
  #delayBeforeRetry(failure: ProviderError, tries: number): number {
    if (failure.kind === "rate_limit") return 0;
    const backoffMs = computeBackoffMs(resilienceDefaults.backoff, tries, this.#deps.random);
    return Math.max(backoffMs, Math.min(failure.retryAfterMs ?? 0, resilienceDefaults.maxPauseMs));
  }
}
