/**
 * What a user would ask about the end of a claim, as Kubernetes Events.
 *
 * @module
 */

import { type EventNote, toObjectReference } from "../../kube/events.ts";
import type { Pod } from "../../schemas/kubernetes.ts";
import { displayUsd } from "../../schemas/money.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { LedgerLine } from "../ledger.ts";

/** The vendor accepted the order to end the machine. */
export function terminating(claim: GPUNodeClaim, instanceId: string): EventNote {
  const why = claim.status?.end?.message ?? "The claim was deleted";
  return {
    object: toObjectReference(claim),
    type: "Normal",
    reason: "Terminating",
    message: `Ending machine ${instanceId}: ${why}`,
  };
}

/** The vendor did not take the order to end the machine; it is tried again until it does. */
export function terminationFailed(
  claim: GPUNodeClaim,
  instanceId: string,
  why: string,
): EventNote {
  return {
    object: toObjectReference(claim),
    type: "Warning",
    reason: "TerminationFailed",
    message: `Machine ${instanceId} is not ended yet and costs on, trying again: ${why}`,
  };
}

/** The machine is gone and booked. */
export function terminated(claim: GPUNodeClaim, line: LedgerLine): EventNote {
  return {
    object: toObjectReference(claim),
    type: "Normal",
    reason: "Terminated",
    message: `Machine ${line.instanceID} is gone; it cost ${displayUsd(line.cost)}`,
  };
}

/** A disruption budget holds a pod back. */
export function drainBlocked(claim: GPUNodeClaim, pod: Pod): EventNote {
  return {
    object: toObjectReference(claim),
    type: "Warning",
    reason: "DrainBlocked",
    message:
      `Pod ${pod.metadata.namespace}/${pod.metadata.name} cannot be evicted yet: a PodDisruptionBudget holds it`,
  };
}

/** There is no client for the account that pays for the machine. */
export function accountMissing(claim: GPUNodeClaim, account: string): EventNote {
  return {
    object: toObjectReference(claim),
    type: "Warning",
    reason: "AccountUnavailable",
    message:
      `Cannot end the machine: account "${account}" of class "${claim.spec.nodeClassRef.name}" has no usable key; restore its Secret`,
  };
}
