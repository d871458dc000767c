/**
 * Eviction by `NoExecute` taints: pods that do not tolerate them are deleted, at once or when their
 * toleration runs out.
 *
 * Follows k8s.io/kubernetes `pkg/controller/tainteviction`, v1.36.0.
 *
 * @module
 */

import type { Node, Pod, Taint } from "../../schemas/kubernetes.ts";
import { type Controller, type ControlRequest, earlier } from "./controller.ts";
import { tolerates } from "./node_fit.ts";
import { hasEnded, listNodes, listPods, parseTimeMs, podPath } from "./pods.ts";

/** See the module. */
export const taintEviction: Controller = {
  name: "kube-controller-manager",
  watches: ["pods", "nodes"],
  decide: (view, nowMs) => {
    const tainted = new Map(listNodes(view).map((node) => [node.metadata.name, evicting(node)]));
    const requests: ControlRequest[] = [];
    let againAtMs: number | undefined;
    for (const pod of listPods(view)) {
      const taints = tainted.get(pod.spec.nodeName ?? "") ?? [];
      if (taints.length === 0 || pod.metadata.deletionTimestamp || hasEnded(pod)) continue;
      const atMs = evictionTimeMs(pod, taints);
      if (atMs === undefined) continue;
      if (atMs <= nowMs) requests.push(toDeletion(pod));
      else againAtMs = earlier(againAtMs, atMs);
    }
    return { requests, againAtMs };
  },
};

function evicting({ spec }: Node): readonly Taint[] {
  return spec?.taints?.filter(({ effect }) => effect === "NoExecute") ?? [];
}

/**
 * When a pod has to go: at the end of the shortest toleration.
 *
 * @returns `undefined` for a pod that may stay, 0 for one that tolerates nothing.
 */
export function evictionTimeMs(pod: Pod, taints: readonly Taint[]): number | undefined {
  let atMs: number | undefined;
  for (const taint of taints) {
    const covering = (pod.spec.tolerations ?? []).filter((one) => tolerates(one, taint));
    if (covering.length === 0) return 0;
    for (const { tolerationSeconds } of covering) {
      if (tolerationSeconds === undefined) continue;
      const endMs = parseTimeMs(taint.timeAdded) + Math.max(0, tolerationSeconds) * 1000;
      atMs = earlier(atMs, endMs);
    }
  }
  return atMs;
}

function toDeletion(pod: Pod): ControlRequest {
  return {
    method: "DELETE",
    path: podPath(pod),
    body: {
      kind: "DeleteOptions",
      apiVersion: "v1",
      ...(pod.metadata.uid === undefined ? {} : { preconditions: { uid: pod.metadata.uid } }),
    },
  };
}
