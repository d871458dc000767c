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
import { type Token, TokenBucket } from "../runtime/token_bucket.ts";
import { CallMetrics } from "./call_metrics.ts";
import {
  type CallPlan,
  type CallPriority,
  isGuarded,
  judgeForBreaker,
  toCallFailure,
} from "./call_plan.ts";
import { type BreakerState, CircuitBreaker, CircuitOpenError } from "./circuit_breaker.ts";
import type { OpenBreaker } from "./contract.ts";
import type { ProviderError } from "./errors.ts";
import { LaunchTicket } from "./launch_ticket.ts";

/** What {@linkcode Resilience} is built on. */
export interface ResilienceDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Limits of one account. */
export interface ResilienceOptions {
  readonly provider: string;
  readonly account: string;
  /** `host` or `host:port` that is asked; named in failures. */
  readonly host: string;
  /** Milliseconds between two requests, in the long run. */
  readonly requestIntervalMs: number;
  /** Requests that may follow each other at once after a quiet time. @default {1} */
  readonly requestBurst?: number | undefined;
  /** Milliseconds between two launches. */
  readonly launchIntervalMs: number;
}

/** How often and how patiently calls are repeated. Tuned constants, with their reasons. */
export const resilienceDefaults = Object.freeze({
  /** Two repeats outlast a restart of a load balancer; more is the caller's queue's business. */
  attempts: 3,
  /** Between attempts after a failure. */
  backoff: { initialMs: 1_000, maxMs: 10_000 },
  /** After a throttle without Retry-After: clients of Lambda got through with 5 to 10 s, doubling. */
  throttleBackoff: { initialMs: 5_000, maxMs: 60_000 },
  /** A longer Retry-After is passed on in the error instead of being waited for. */
  maxPauseMs: 60_000,
  /** Five in a row is an outage, not noise. */
  breakerFailures: 5,
  /** Half a minute: an outage is noticed to be over soon, and is not hammered. */
  breakerOpenForMs: 30_000,
});

/** Paces and guards all calls of one account. */
export class Resilience {
  readonly #deps: ResilienceDeps;
  readonly #options: ResilienceOptions;
  readonly #requests: TokenBucket<CallPriority>;
  readonly #launches: TokenBucket<"launch">;
  readonly #metrics: CallMetrics;
  readonly #breakers = new Map<string, CircuitBreaker>();
  #throttledInARow = 0;
  #pausedUntilMs = -Infinity;

  constructor(deps: ResilienceDeps, options: ResilienceOptions) {
    this.#deps = deps;
    this.#options = { ...options };
    const { clock } = deps;
    this.#metrics = new CallMetrics(deps, options);
    this.#requests = new TokenBucket<CallPriority>({
      clock,
      intervalMs: options.requestIntervalMs,
      burst: options.requestBurst,
      priorities: ["terminate", "list", "launch"],
      onQueueLength: (length) => this.#metrics.gauge("tgp_provider_queue_length", length),
    });
    this.#launches = new TokenBucket<"launch">({
      clock,
      intervalMs: options.launchIntervalMs,
      priorities: ["launch"],
      onQueueLength: (length) => this.#metrics.gauge("tgp_provider_launch_queue_length", length),
    });
  }

  /** How many calls wait for their turn, launches included. */
  get queueLength(): number {
    return this.#requests.queueLength + this.#launches.queueLength;
  }

  /** The breaker of an operation. */
  breakerState(operation: string): BreakerState {
    return this.#breakers.get(operation)?.state ?? "closed";
  }

  /** Breakers that are not closed, by operation. */
  openBreakers(): readonly OpenBreaker[] {
    return [...this.#breakers].flatMap(([operation, { state }]) =>
      state === "closed" ? [] : [{ operation, state }]
    );
  }

  /**
   * Looks whether a call would be let through now, for callers that prepare it by other calls.
   *
   * @throws {ProviderError} `transient`, with a `CircuitOpenError` as cause, if its breaker is open.
   */
  checkBreaker(plan: CallPlan): void {
    try {
      this.#check(plan);
    } catch (error) {
      throw toCallFailure(plan, this.#options, error);
    }
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
      this.#check(plan);
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
      const answer = await (isGuarded(plan) ? this.#breaker(plan.operation).execute(run) : run());
      this.#throttledInARow = 0;
      this.#metrics.noteCall(plan, "ok", startedAtMs);
      return answer;
    } catch (error) {
      if (signal.aborted) {
        this.#metrics.noteCall(plan, "cancelled", startedAtMs);
        throw error;
      }
      const failure = toCallFailure(plan, this.#options, error);
      if (failure.kind === "rate_limit") this.#pause(plan, failure);
      this.#metrics.noteCall(plan, failure.kind, startedAtMs);
      throw failure;
    }
  }

  /** Waits for the call's turn; one that is not to be made after all is somebody else's. */
  async #takeTurn(plan: CallPlan, signal: AbortSignal): Promise<void> {
    this.#check(plan);
    const turn: Token = await this.#requests.take(plan.priority, signal);
    try {
      signal.throwIfAborted();
      this.#check(plan);
    } catch (error) {
      turn.giveBack();
      throw error;
    }
  }

  #check(plan: CallPlan): void {
    if (isGuarded(plan)) this.#breakers.get(plan.operation)?.check();
  }

  #breaker(operation: string): CircuitBreaker {
    let breaker = this.#breakers.get(operation);
    if (breaker === undefined) {
      breaker = new CircuitBreaker({
        clock: this.#deps.clock,
        failures: resilienceDefaults.breakerFailures,
        openForMs: resilienceDefaults.breakerOpenForMs,
        judge: judgeForBreaker,
        onStateChange: (state) => this.#reportBreaker(operation, state),
      });
      this.#breakers.set(operation, breaker);
    }
    return breaker;
  }

  #reportBreaker(operation: string, state: BreakerState): void {
    this.#metrics.noteBreaker(operation, state);
    this.#deps.log.info("Breaker changed", {
      account: this.#options.account,
      operation,
      state,
    });
  }

  /** The whole account waits: the vendor counts all requests together. */
  #pause(plan: CallPlan, failure: ProviderError): void {
    const { clock, random } = this.#deps;
    // Calls that were under way when the pause began are refused for the same reason, not once more.
    if (clock.now() >= this.#pausedUntilMs) this.#throttledInARow++;
    // A wait of zero is no answer to how long: too often was too often.
    const wantedMs = failure.retryAfterMs ||
      computeBackoffMs(resilienceDefaults.throttleBackoff, this.#throttledInARow, random);
    const untilMs = clock.now() + Math.min(wantedMs, resilienceDefaults.maxPauseMs);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
    if (plan.priority === "launch") this.#launches.pauseUntil(untilMs);
    this.#requests.pauseUntil(untilMs);
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
