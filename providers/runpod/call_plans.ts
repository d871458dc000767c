/**
 * How calls to RunPod are made, whichever protocol is spoken.
 *
 * @module
 */

import type { CallPlan, CallPriority } from "../call_plan.ts";
import { launchOperation } from "./errors.ts";
import { runpodTimeouts } from "./facts.ts";

/** Name of the operation that ends a pod. */
export const terminateOperation = "terminatePod";

/** A read: repeated when that may help. @param action Completes "Cannot …". */
export function readPlan(
  operation: string,
  action: string,
  priority: CallPriority = "list",
): CallPlan {
  return {
    operation,
    action,
    priority,
    timeoutMs: runpodTimeouts.read,
    retry: ["transient", "rate_limit"],
    breaker: true,
  };
}

/** Ending a pod: looked up rather than repeated, when it failed. */
export function terminatePlan(id: string): CallPlan {
  return {
    operation: terminateOperation,
    action: `end machine "${id}"`,
    priority: "terminate",
    timeoutMs: runpodTimeouts.terminate,
    retry: ["rate_limit"],
    breaker: false,
  };
}

/** Renting a pod: once. */
export function launchPlan(name: string): CallPlan {
  return {
    operation: launchOperation,
    action: `rent machine "${name}"`,
    priority: "launch",
    timeoutMs: runpodTimeouts.launch,
    retry: [],
    breaker: true,
  };
}
