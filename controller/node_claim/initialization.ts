/**
 * Whether a registered node can be used: ready, startup taints gone, GPUs allocatable.
 *
 * @module
 */

import { conditionTypes, isTrue, reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import { decideInitialized } from "../bootstrap/node_initialization.ts";
import { plannedCapacity, withStep } from "./claim_state.ts";
import { withCondition } from "./claim_status.ts";
import type { NodeClaimDeps } from "./deps.ts";
import * as occurrences from "./events.ts";

/** The status after a look at a registered node. */
export function initialize(deps: NodeClaimDeps, claim: GPUNodeClaim): NodeClaimStatus {
  const status = claim.status ?? {};
  const node = deps.nodes.get(status.nodeName ?? claim.metadata.name);
  if (!node || !isTrue(status.conditions, conditionTypes.registered)) return status;
  if (isTrue(status.conditions, conditionTypes.initialized)) return status;
  const decision = decideInitialized({ claim, node, expected: plannedCapacity(claim) });
  if (decision.kind === "initialized") {
    deps.recorder.record(occurrences.initialized(claim));
    return {
      ...status,
      steps: withStep(status.steps, "Initialized", deps.clock.now()),
      conditions: withCondition(deps, claim, {
        type: conditionTypes.initialized,
        status: "True",
        reason: reasons.initialized,
        message: "The node is ready and its resources can be used",
      }),
    };
  }
  return {
    ...status,
    conditions: withCondition(deps, claim, {
      type: conditionTypes.initialized,
      status: "False",
      reason: decision.reason,
      message: decision.message,
    }),
    ...(decision.kind === "failed"
      ? { end: { reason: decision.reason, message: decision.message } }
      : {}),
  };
}
