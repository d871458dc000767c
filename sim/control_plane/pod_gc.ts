/**
 * Collection of pods whose node is gone: nobody else would ever end them.
 *
 * Follows k8s.io/kubernetes `pkg/controller/podgc/gc_controller.go`, v1.36.0.
 *
 * @module
 */

import type { Pod } from "../../schemas/kubernetes.ts";
import { type Controller, type ControlRequest, earlier } from "./controller.ts";
import { listPods, podPath } from "./pods.ts";

/** How long a node must be missing before its pods go (`quarantineTime`). */
const quarantineMs = 40_000;

/** A collector. @param afterMs How long a node must be missing. @default {40 s} */
export function createPodGc(afterMs: number = quarantineMs): Controller {
  const missingSinceMs = new Map<string, number>();
  return {
    name: "kube-controller-manager",
    watches: ["pods", "nodes"],
    decide: (view, nowMs) => {
      const requests: ControlRequest[] = [];
      let againAtMs: number | undefined;
      const stillMissing = new Set<string>();
      for (const pod of listPods(view)) {
        const { nodeName } = pod.spec;
        if (!nodeName || view.get("nodes", "", nodeName)) continue;
        stillMissing.add(nodeName);
        const sinceMs = missingSinceMs.get(nodeName) ?? nowMs;
        missingSinceMs.set(nodeName, sinceMs);
        if (nowMs - sinceMs >= afterMs) requests.push(toDeletion(pod));
        else againAtMs = earlier(againAtMs, sinceMs + afterMs);
      }
      for (const name of missingSinceMs.keys()) {
        if (!stillMissing.has(name)) missingSinceMs.delete(name);
      }
      return { requests, againAtMs };
    },
  };
}

function toDeletion(pod: Pod): ControlRequest {
  return {
    method: "DELETE",
    path: podPath(pod),
    body: {
      kind: "DeleteOptions",
      apiVersion: "v1",
      gracePeriodSeconds: 0,
      ...(pod.metadata.uid === undefined ? {} : { preconditions: { uid: pod.metadata.uid } }),
    },
  };
}
