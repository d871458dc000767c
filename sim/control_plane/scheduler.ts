/**
 * The scheduler: binds pods that fit, and says of the others why not.
 *
 * @module
 */

import { toTimestamp } from "../api_server/api_object.ts";
import type { ObjectCondition, Pod } from "../../schemas/kubernetes.ts";
import type { Controller, ControlRequest } from "./controller.ts";
import { listNodes, listPods, podPath } from "./pods.ts";
import { type Placement, placePods } from "./schedule.ts";

/** See the module. */
export const scheduler: Controller = {
  name: "kube-scheduler",
  watches: ["pods", "nodes"],
  decide: (view, nowMs) => ({
    requests: placePods(listPods(view), listNodes(view)).flatMap((placement) =>
      toRequests(placement, nowMs)
    ),
  }),
};

function toRequests(placement: Placement, nowMs: number): readonly ControlRequest[] {
  const { pod } = placement;
  if (placement.kind === "bind") {
    return [{
      method: "POST",
      path: `${podPath(pod)}/binding`,
      body: {
        apiVersion: "v1",
        kind: "Binding",
        metadata: {
          name: pod.metadata.name,
          namespace: pod.metadata.namespace,
          uid: pod.metadata.uid,
        },
        target: { apiVersion: "v1", kind: "Node", name: placement.nodeName },
      },
    }];
  }
  const before = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (before?.reason === "Unschedulable" && before.message === placement.message) return [];
  return [{
    method: "PATCH",
    path: `${podPath(pod)}/status`,
    contentType: "application/strategic-merge-patch+json",
    body: { status: { conditions: [toCondition(pod, before, placement.message, nowMs)] } },
  }];
}

function toCondition(
  { metadata }: Pod,
  before: ObjectCondition | undefined,
  message: string,
  nowMs: number,
) {
  const lastTransitionTime = before?.status === "False"
    ? before.lastTransitionTime
    : toTimestamp(nowMs);
  return {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastTransitionTime,
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
  };
}
