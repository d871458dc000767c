/**
 * What is measured about the calls of one account.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { CallPlan } from "./call_plan.ts";
import type { BreakerState } from "./circuit_breaker.ts";

const breakerGauge = { closed: 0, "half-open": 1, open: 2 } as const;

/** Writes the metrics of one account. */
export class CallMetrics {
  readonly #deps: { readonly clock: Clock; readonly metrics: Metrics };
  readonly #labels: { readonly provider: string; readonly account: string };

  constructor(
    deps: { readonly clock: Clock; readonly metrics: Metrics },
    { provider, account }: { readonly provider: string; readonly account: string },
  ) {
    this.#deps = deps;
    this.#labels = { provider, account };
  }

  /** A number of the account as a whole. */
  gauge(name: string, value: number): void {
    this.#deps.metrics.gauge(name, value, this.#labels);
  }

  /** A breaker is now in this state. */
  noteBreaker(operation: string, state: BreakerState): void {
    const labels = { ...this.#labels, operation };
    this.#deps.metrics.gauge("tgp_provider_breaker_state", breakerGauge[state], labels);
  }

  /** A call has ended. @param startedAtMs Epoch milliseconds. */
  noteCall(plan: CallPlan, outcome: string, startedAtMs: number): void {
    const { clock, metrics } = this.#deps;
    const labels = { ...this.#labels, operation: plan.operation };
    metrics.count("tgp_provider_requests_total", { ...labels, outcome });
    const seconds = (clock.now() - startedAtMs) / 1000;
    metrics.observe("tgp_provider_request_duration_seconds", seconds, labels);
  }
}
