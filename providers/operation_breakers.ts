/**
 * The breakers of one account: one for each operation, made when it is first called.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { CallMetrics } from "./call_metrics.ts";
import { type CallPlan, isGuarded, judgeForBreaker } from "./call_plan.ts";
import { type BreakerState, CircuitBreaker } from "./circuit_breaker.ts";
import type { OpenBreaker } from "./contract.ts";
import { resilienceDefaults } from "./resilience_defaults.ts";

/** What {@linkcode OperationBreakers} is built on. */
export interface OperationBreakersDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: CallMetrics;
}

/** See the module. */
export class OperationBreakers {
  readonly #deps: OperationBreakersDeps;
  readonly #account: string;
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(deps: OperationBreakersDeps, account: string) {
    this.#deps = deps;
    this.#account = account;
  }

  /** The state of an operation's breaker. */
  state(operation: string): BreakerState {
    return this.#breakers.get(operation)?.state ?? "closed";
  }

  /** Breakers that are not closed. */
  listOpen(): readonly OpenBreaker[] {
    return [...this.#breakers].flatMap(([operation, { state }]) =>
      state === "closed" ? [] : [{ operation, state }]
    );
  }

  /** @throws {CircuitOpenError} If a call is held back now. */
  check(plan: CallPlan): void {
    if (isGuarded(plan)) this.#breakers.get(plan.operation)?.check();
  }

  /** Runs a call, and learns from how it went. @throws {CircuitOpenError} And whatever the call throws. */
  execute<T>(plan: CallPlan, run: () => Promise<T>): Promise<T> {
    return isGuarded(plan) ? this.#of(plan.operation).execute(run) : run();
  }

  #of(operation: string): CircuitBreaker {
    let breaker = this.#breakers.get(operation);
    if (breaker === undefined) {
      breaker = new CircuitBreaker({
        clock: this.#deps.clock,
        failures: resilienceDefaults.breakerFailures,
        openForMs: resilienceDefaults.breakerOpenForMs,
        judge: judgeForBreaker,
        onStateChange: (state) => this.#report(operation, state),
      });
      this.#breakers.set(operation, breaker);
    }
    return breaker;
  }

  #report(operation: string, state: BreakerState): void {
    this.#deps.metrics.noteBreaker(operation, state);
    this.#deps.log.info("Breaker changed", { account: this.#account, operation, state });
  }
}
