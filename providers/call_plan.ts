/**
 * Kinds of calls to a vendor, and what went wrong with one.
 *
 * @module
 */

import { isTaskCancelledError } from "cockatiel";
import { CircuitOpenError } from "./circuit_breaker.ts";
import { ProviderError } from "./errors.ts";
import { SendDeadlinePassedError } from "./http/launch_sending.ts";
import { explainNetworkFailure } from "./network_failure.ts";

/** Who goes first: ending a machine, looking, buying. */
export type CallPriority = "terminate" | "list" | "launch";

/** One kind of call. */
export interface CallPlan {
  /** Named in errors, metrics and the breaker. */
  readonly operation: string;
  /** Completes "Cannot …" in messages. */
  readonly action: string;
  readonly priority: CallPriority;
  /** Wall time of one attempt, in milliseconds, reading of the body included. */
  readonly timeoutMs: number;
  /** Failures after which it is safe to do it again at once. None for launches, ever. */
  readonly retry: readonly ("transient" | "rate_limit")[];
  /**
   * False keeps trying however often it failed. So does the priority `terminate`, whatever this says: one
   * machine that the vendor cannot end must not keep others from being ended, a half-open breaker would
   * let only one try, and a look that ending waits for must not be held back by lists that failed.
   */
  readonly breaker: boolean;
}

/** Who is asked, for whom: named in failures. */
export interface CallTarget {
  readonly account: string;
  /** `host` or `host:port` of the vendor, or of what stands in for it. */
  readonly host: string;
}

/**
 * The {@linkcode ProviderError} of anything that a call throws: a time limit, an open breaker, a lost
 * connection. One that is a `ProviderError` already stays as it is.
 */
export function toCallFailure(
  plan: CallPlan,
  { account, host }: CallTarget,
  error: unknown,
): ProviderError {
  if (error instanceof ProviderError) return error;
  const fail = (why: string) =>
    new ProviderError(`Cannot ${plan.action}: ${why}`, {
      kind: "transient",
      account,
      operation: plan.operation,
      cause: error,
    });
  if (error instanceof CircuitOpenError) {
    const last = error.cause instanceof Error ? ` (${error.cause.message})` : "";
    // No time of the next try: the text ends up in statuses, which must not change by themselves.
    return fail(`not tried for now, the last calls all failed${last}`);
  }
  if (isTaskCancelledError(error) || isAbortError(error)) {
    return fail(`no complete answer from ${host} within ${plan.timeoutMs / 1000} s`);
  }
  return fail(`no usable answer from ${host}: ${explainNetworkFailure(error).message}`);
}

function isAbortError(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** What ending a machine waits for is always tried: one that bills is worth a call that may fail. */
export function isGuarded(plan: CallPlan): boolean {
  return plan.breaker && plan.priority !== "terminate";
}

/**
 * A throttle is an answer: the bucket's pause deals with it. What was not sent, because its time had
 * passed, says nothing about the vendor.
 */
export function judgeForBreaker(error: unknown): "failure" | "answer" | "cancelled" {
  if (!(error instanceof ProviderError)) return "cancelled";
  if (error.cause instanceof SendDeadlinePassedError) return "cancelled";
  return error.kind === "transient" ? "failure" : "answer";
}
