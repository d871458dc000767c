/**
 * Whether a claim's GPUs can be used: worked out from its other conditions, never stated by itself.
 *
 * @module
 */

import {
  conditionTypes,
  type ConditionUpdate,
  findCondition,
  reasons,
} from "../../schemas/conditions.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";

/** What has to be so, in the order in which it becomes so; until it is stated, it is awaited for a reason. */
const stages = [
  { type: conditionTypes.launched, awaits: reasons.awaitingLaunch, message: "No order yet" },
  { type: conditionTypes.registered, awaits: reasons.awaitingNode, message: "No Node yet" },
  { type: conditionTypes.initialized, awaits: reasons.awaitingReady, message: "Not usable yet" },
] as const;

/** The condition `Ready` of a claim. */
export function decideReady(claim: Pick<GPUNodeClaim, "metadata" | "status">): ConditionUpdate {
  const { end, conditions } = claim.status ?? {};
  if (end) return notReady(end.reason, end.message);
  if (claim.metadata.deletionTimestamp !== undefined) {
    return notReady(reasons.terminating, "The claim is being deleted");
  }
  for (const { type, awaits, message } of stages) {
    const stage = findCondition(conditions, type);
    if (stage?.status === "True") continue;
    return notReady(stage?.reason ?? awaits, stage?.message ?? message);
  }
  return {
    type: conditionTypes.ready,
    status: "True",
    reason: reasons.ready,
    message: "The machine serves pods",
  };
}

function notReady(reason: string, message: string): ConditionUpdate {
  return { type: conditionTypes.ready, status: "False", reason, message };
}
