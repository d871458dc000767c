/**
 * What happens to a class, as Kubernetes Events.
 *
 * @module
 */

import { type EventNote, toObjectReference } from "../../kube/events.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClass, ProviderStatus } from "../../schemas/node_class.ts";
import { type ClassUsers, describeHolders } from "./class_users.ts";

/** A class was deleted and stays for now. */
export function deletionHeld(nodeClass: GPUNodeClass, users: ClassUsers): EventNote {
  return {
    object: toObjectReference(nodeClass),
    type: "Warning",
    reason: reasons.deletionHeld,
    message: describeHolders(users),
  };
}

/** An account has become usable, or has stopped being so. */
export function accountChanged(
  nodeClass: GPUNodeClass,
  { name, available, reason, message }: ProviderStatus,
): EventNote {
  return {
    object: toObjectReference(nodeClass),
    type: available ? "Normal" : "Warning",
    reason: available ? "ProviderAvailable" : reason,
    message: `${name}: ${message}`,
  };
}
