/**
 * One operation's circuit breaker: cockatiel's state machine on the injected clock.
 *
 * @module
 */

import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
} from "cockatiel";
import type { Clock } from "../runtime/clock.ts";

/** `closed`: calls pass; `open`: none; `half-open`: one call tries whether things work again. */
export type BreakerState = "closed" | "half-open" | "open";

/** The shape of a {@linkcode CircuitBreaker}. */
export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open before one call may try again, in milliseconds of the clock. */
  readonly openForMs: number;
  /**
   * What an error says about the other side: `failure`, it is in trouble; `answer`, it works, the
   * answer was just not the one hoped for; `cancelled`, nothing, the caller gave up.
   */
  readonly judge: (error: unknown) => "failure" | "answer" | "cancelled";
  /** Told of every change. */
  readonly onStateChange: (state: BreakerState) => void;
}

/** Thrown instead of calling. Nothing was sent. */
export class CircuitOpenError extends Error {
  override name = "CircuitOpenError";
  /** When the next call may try, in epoch milliseconds. */
  readonly retryAtMs: number;

  /** @param cause The last failure that kept it open. */
  constructor(retryAtMs: number, cause: unknown) {
    super("Circuit is open", { cause });
    this.retryAtMs = retryAtMs;
  }
}

/**
 * Stops calls after `failures` in a row.
 *
 * Cockatiel measures how long it has been open on the wall clock, which is wrong when time is
 * simulated, and when the clock is set back: so here it may half-open at once, whatever that clock
 * says, and the wait is kept outside, on the injected one.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #policy: CircuitBreakerPolicy;
  #openUntilMs = -Infinity;
  #lastFailure: unknown;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    this.#policy = circuitBreaker(
      // Cockatiel closes on a probe's error that it is not told to handle. Right for an answer, wrong
      // for a probe that its caller cancelled.
      handleWhen((error) => {
        const verdict = options.judge(error);
        if (verdict === "failure") this.#lastFailure = error;
        return verdict === "failure" || (verdict === "cancelled" && this.state === "half-open");
      }),
      { halfOpenAfter: -Infinity, breaker: new ConsecutiveBreaker(options.failures) },
    );
    this.#policy.onBreak(() => {
      this.#openUntilMs = options.clock.now() + options.openForMs;
    });
    this.#policy.onStateChange(() => options.onStateChange(this.state));
  }

  /** The state now. An open breaker whose wait is over still reads `open` until a call tries. */
  get state(): BreakerState {
    switch (this.#policy.state) {
      case CircuitState.Closed:
        return "closed";
      case CircuitState.HalfOpen:
        return "half-open";
      default:
        return "open";
    }
  }

  /**
   * Whether a call would be let through now.
   *
   * @throws {CircuitOpenError} If not.
   */
  check(): void {
    const now = this.#options.clock.now();
    // While one call probes, others are refused rather than queued behind it: its wait has no limit
    // that their signals could end.
    if (this.state === "half-open") throw new CircuitOpenError(now, this.#lastFailure);
    if (this.state === "open" && now < this.#openUntilMs) {
      throw new CircuitOpenError(this.#openUntilMs, this.#lastFailure);
    }
  }

  /**
   * Runs a call.
   *
   * @throws {CircuitOpenError} If it is not let through.
   */
  execute<T>(call: () => Promise<T>): Promise<T> {
    try {
      this.check();
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#policy.execute(call);
  }
}
