/**
 * Whether a node's kubelet says it is fine.
 *
 * @module
 */

import type { Node } from "../../schemas/kubernetes.ts";

/** `Ready=True`, which kubelet or the node controller keeps current. */
export function isNodeReady(node: Node): boolean {
  return node.status?.conditions?.some(({ type, status }) =>
    type === "Ready" && status === "True"
  ) ??
    false;
}
