/**
 * Pods and Nodes as the controllers read them.
 *
 * @module
 */

import { nodes, pods } from "../../kube/resource.ts";
import type { Node, Pod } from "../../schemas/kubernetes.ts";
import type { ClusterView } from "./controller.ts";

/** All pods. */
export function listPods(view: ClusterView): readonly Pod[] {
  return view.list("pods").map(pods.parse);
}

/** All nodes. */
export function listNodes(view: ClusterView): readonly Node[] {
  return view.list("nodes").map(nodes.parse);
}

/** Whether a pod has ended: it takes nothing from its node any more. */
export function hasEnded({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** The API path of a pod. */
export function podPath({ metadata }: Pod): string {
  return `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
}

/** RFC 3339 as epoch milliseconds; 0 when absent. */
export function parseTimeMs(timestamp: string | undefined): number {
  const timeMs = Date.parse(timestamp ?? "");
  return Number.isNaN(timeMs) ? 0 : timeMs;
}
