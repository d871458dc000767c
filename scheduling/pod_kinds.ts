/**
 * What kind of pod it is: one that may be bought for, or one that comes and goes with its node.
 *
 * @module
 */

import type { Pod } from "../schemas/kubernetes.ts";

const mirrorAnnotation = "kubernetes.io/config.mirror";

/** Whether a DaemonSet owns the pod: every node gets one, none is bought for it. */
export function isDaemonPod(pod: Pod): boolean {
  return pod.metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet") ?? false;
}

/** Whether a kubelet runs the pod from a file (the API server only mirrors it). */
export function isStaticPod(pod: Pod): boolean {
  return pod.metadata.annotations?.[mirrorAnnotation] !== undefined ||
    (pod.metadata.ownerReferences?.some(({ kind }) => kind === "Node") ?? false);
}

/** Whether the pod has ended and holds no resources any more. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/**
 * Why no machine is bought for this pod; `undefined` when it waits for one. The scheduler has to have
 * said that it fits nowhere: a pod that was merely not looked at yet may fit.
 */
export function whyNotProvisionable(pod: Pod): string | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return "It is being deleted";
  if (pod.spec.nodeName) return `It is bound to node "${pod.spec.nodeName}"`;
  if (pod.status?.phase !== undefined && pod.status.phase !== "Pending") {
    return `Its phase is ${pod.status.phase}, not Pending`;
  }
  if (isDaemonPod(pod)) return "A DaemonSet owns it";
  if (isStaticPod(pod)) return "It is a static pod";
  if (pod.spec.schedulingGates && pod.spec.schedulingGates.length > 0) {
    return `Scheduling gate "${pod.spec.schedulingGates[0]?.name}" holds it back`;
  }
  if (pod.status?.nominatedNodeName) {
    return `The scheduler is making room for it on node "${pod.status.nominatedNodeName}"`;
  }
  const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") {
    return "The scheduler has not found it unschedulable";
  }
  return undefined;
}

/** Whether a machine may be bought for this pod. */
export function isProvisionable(pod: Pod): boolean {
  return whyNotProvisionable(pod) === undefined;
}
