/**
 * The status of a GPUNodePool. Pure.
 *
 * @module
 */

import { computeUsage, findReachedLimit } from "../../scheduling/budget.ts";
import {
  type Condition,
  conditionTypes,
  findCondition,
  isTrue,
  reasons,
  setCondition,
} from "../../schemas/conditions.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool, NodePoolStatus } from "../../schemas/node_pool.ts";
import { decidePoolHealth } from "./pool_health.ts";
import { type LedgerLine, meteredTimeOfLine } from "../ledger.ts";

/** How finely spending is shown, in milliseconds; limits are checked elsewhere, to the moment. */
const spendingStepMs = 60_000;

/** What the status is worked out from. */
export interface PoolStatusInput {
  readonly pool: GPUNodePool;
  readonly nodeClass: GPUNodeClass | undefined;
  readonly claims: readonly GPUNodeClaim[];
  readonly ended: readonly LedgerLine[];
  readonly pendingPods: number;
  readonly now: number;
}

interface Fact {
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** Works out the whole status. */
export function computePoolStatus(input: PoolStatusInput): NodePoolStatus {
  const { pool, claims, ended, now } = input;
  const generation = pool.metadata.generation;
  // As of the last full minute: spending grows all the time, and each write would cause the next.
  const asOf = Math.floor(now / spendingStepMs) * spendingStepMs;
  const usage = computeUsage({ claims, ledger: ended.map(meteredTimeOfLine), now: asOf });
  const refusal = findReachedLimit({
    scope: "pool",
    name: pool.metadata.name,
    limits: pool.spec.limits,
    usage,
  });
  const classFact = judgeClass(input);
  const budgetFact: Fact = refusal
    ? { status: "False", reason: reasons.limitReached, message: refusal.message }
    : { status: "True", reason: reasons.withinLimits, message: "Limits leave room to buy" };
  const facts: readonly (readonly [string, Fact])[] = [
    [conditionTypes.nodeClassReady, classFact],
    [conditionTypes.withinBudget, budgetFact],
    [conditionTypes.healthy, judgeHealth(input)],
    [conditionTypes.ready, judgeReady(pool, classFact)],
  ];
  let conditions: readonly Condition[] = pool.status?.conditions ?? [];
  for (const [type, fact] of facts) {
    conditions = setCondition(conditions, {
      type,
      ...fact,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    }, now);
  }
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: [...conditions],
    nodes: usage.nodes,
    readyNodes:
      claims.filter((claim) => isTrue(claim.status?.conditions, conditionTypes.initialized)).length,
    resources: usage.resources,
    spendPerHour: usage.perHour,
    spentToday: usage.spentToday,
    pendingPods: input.pendingPods,
  };
}

function judgeClass({ pool, nodeClass }: PoolStatusInput): Fact {
  const { name } = pool.spec.nodeClassRef;
  if (!nodeClass) {
    return {
      status: "False",
      reason: reasons.nodeClassNotFound,
      message: `spec.nodeClassRef.name: GPUNodeClass "${name}" does not exist; create it`,
    };
  }
  const ready = findCondition(nodeClass.status?.conditions, conditionTypes.ready);
  if (ready?.status === "True") {
    return { status: "True", reason: reasons.ready, message: `GPUNodeClass "${name}" is ready` };
  }
  return {
    status: ready?.status ?? "Unknown",
    reason: reasons.nodeClassNotReady,
    message: `GPUNodeClass "${name}": ${ready?.message ?? "nothing is known about it yet"}`,
  };
}

function judgeHealth(input: PoolStatusInput): Fact {
  const health = decidePoolHealth(input);
  return health.kind === "healthy"
    ? {
      status: "True",
      reason: reasons.bootsSucceed,
      message: "Machines get as far as serving pods",
    }
    : { status: "False", reason: reasons.bootFailures, message: health.message };
}

function judgeReady(pool: GPUNodePool, classFact: Fact): Fact {
  if (pool.spec.paused) {
    return { status: "False", reason: reasons.paused, message: "spec.paused: buying is stopped" };
  }
  return classFact.status === "True"
    ? { status: "True", reason: reasons.ready, message: "Pods can be served" }
    : classFact;
}
