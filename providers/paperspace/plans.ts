/**
 * Kinds of calls to Paperspace: who goes first, how long they may take, what is safe to repeat.
 *
 * @module
 */

import type { CallPlan, CallPriority } from "../call_plan.ts";
import { paperspaceTimeouts } from "./facts.ts";

/** How an order is sent. */
export function orderPlan(name: string): CallPlan {
  return {
    operation: "machines-create",
    action: `rent machine "${name}"`,
    priority: "launch",
    timeoutMs: paperspaceTimeouts.launch,
    retry: [],
    breaker: true,
  };
}

/**
 * A look. One that an order waits for says at once that the account is throttled; one that ending a machine
 * waits for is not repeated after a failure and not held back: ending goes on without it.
 */
export function readPlan(
  operation: string,
  action: string,
  priority: CallPriority = "list",
): CallPlan {
  const plan = { operation, action, priority, timeoutMs: paperspaceTimeouts.read };
  switch (priority) {
    case "list":
      return { ...plan, retry: ["transient", "rate_limit"], breaker: true };
    case "launch":
      return { ...plan, retry: ["transient"], breaker: true };
    case "terminate":
      return { ...plan, retry: ["rate_limit"], breaker: false };
  }
}

/** An ending. One thing that cannot be ended must not keep others from it, so no breaker. */
export function endPlan(operation: string, action: string, priority: CallPriority): CallPlan {
  return {
    operation,
    action,
    priority,
    timeoutMs: paperspaceTimeouts.change,
    retry: ["rate_limit"],
    breaker: false,
  };
}
