/**
 * What a user would ask about a pod that waits, as Kubernetes Events.
 *
 * @module
 */

import { type EventNote, toObjectReference } from "../../kube/events.ts";
import type { NewNode, PodRef, UnplacedPod } from "../../scheduling/plan.ts";
import { displayUsd } from "../../schemas/money.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import { cutText } from "../cut_text.ts";

/** A machine is being bought for the pod. */
export function beingServed(pod: PodRef, claim: string, plan: NewNode): EventNote {
  return {
    object: toObject(pod),
    type: "Normal",
    reason: "MachineOrdered",
    message: `Buying a machine (claim ${claim}) from pool ${plan.poolName} for about ${
      displayUsd(plan.pricePerHour)
    }/h`,
  };
}

/** Nobody serves the pod, and why. */
export function notServed(unplaced: UnplacedPod): EventNote {
  const why = unplaced.refusal ??
    (unplaced.reasons.length === 0
      ? "there is no GPUNodePool"
      : unplaced.reasons.map(({ pool, message }) => `${pool}: ${message}`).join("; "));
  return {
    object: toObject(unplaced.pod),
    type: "Warning",
    reason: "NotServed",
    message: cutText(`No machine is bought for this pod: ${why}`, 1024),
  };
}

/** A claim was created. */
export function claimCreated(claim: GPUNodeClaim, plan: NewNode): EventNote {
  return {
    object: toObjectReference(claim),
    type: "Normal",
    reason: "Created",
    message: `For ${
      plan.pods.length === 1 ? "1 pod" : `${plan.pods.length} pods`
    } of pool ${plan.poolName}, at most ${displayUsd(plan.ceilingPerHour)}/h`,
  };
}

function toObject({ namespace, name, uid }: PodRef): EventNote["object"] {
  return { apiVersion: "v1", kind: "Pod", namespace, name, uid };
}
