/**
 * The life of Nodes: taints that say how they are, and the word for those that fell silent.
 *
 * Silence is measured by when this controller saw a lease change, not by the times in it, as the real
 * controller does: clocks differ.
 *
 * Follows k8s.io/kubernetes `pkg/controller/nodelifecycle/node_lifecycle_controller.go`, v1.36.0.
 *
 * @module
 */

import { toTimestamp } from "../api_server/api_object.ts";
import { leases } from "../../kube/resource.ts";
import type { Node, ObjectCondition, Taint } from "../../schemas/kubernetes.ts";
import { type ClusterView, type Controller, type ControlRequest, earlier } from "./controller.ts";
import { listNodes } from "./pods.ts";

/** A node silent for this long is unknown (`--node-monitor-grace-period`). */
export const defaultNodeGraceMs = 50_000;

const notReady = "node.kubernetes.io/not-ready";
const unreachable = "node.kubernetes.io/unreachable";

/** Conditions that become unknown with the node. */
const reportedConditions = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** When a node last gave a sign of life, and which. */
interface Sign {
  readonly text: string;
  readonly seenMs: number;
}

/** @param graceMs How long a node may be silent. @default {50 s} */
export function createNodeLifecycle(graceMs: number = defaultNodeGraceMs): Controller {
  const signs = new Map<string, Sign>();
  return {
    name: "kube-controller-manager",
    watches: ["nodes", "leases.coordination.k8s.io"],
    decide: (view, nowMs) => {
      const nodes = listNodes(view);
      const present = new Set(nodes.map(keyOf));
      for (const key of signs.keys()) if (!present.has(key)) signs.delete(key);
      const requests: ControlRequest[] = [];
      let againAtMs: number | undefined;
      for (const node of nodes) {
        const dueMs = noteSign(signs, view, node, nowMs).seenMs + graceMs;
        if (dueMs > nowMs) againAtMs = earlier(againAtMs, dueMs);
        else if (readyStatus(node) !== "Unknown") requests.push(toUnknown(node, nowMs));
        requests.push(...toTaintRequests(node, nowMs));
      }
      return { requests, againAtMs };
    },
  };
}

function keyOf({ metadata }: Node): string {
  return metadata.uid ?? metadata.name;
}

function noteSign(
  signs: Map<string, Sign>,
  view: ClusterView,
  node: Node,
  nowMs: number,
): Sign {
  const stored = view.get("leases.coordination.k8s.io", "kube-node-lease", node.metadata.name);
  const renewed = stored ? leases.parse(stored).spec?.renewTime ?? "" : "";
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  // What this controller itself wrote is no sign of life.
  const beat = ready?.status === "Unknown" ? "" : ready?.lastHeartbeatTime ?? "";
  const text = `${renewed} ${beat}`;
  const before = signs.get(keyOf(node));
  if (before?.text === text || (before && beat === "" && before.text.startsWith(renewed + " "))) {
    return before;
  }
  const sign = { text, seenMs: nowMs };
  signs.set(keyOf(node), sign);
  return sign;
}

function readyStatus(node: Node): ObjectCondition["status"] | undefined {
  return node.status?.conditions?.find(({ type }) => type === "Ready")?.status;
}

function nodePath({ metadata }: Node): string {
  return `/api/v1/nodes/${metadata.name}`;
}

function toUnknown(node: Node, nowMs: number): ControlRequest {
  const before = node.status?.conditions ?? [];
  const neverReported = !before.some(({ type }) => type === "Ready");
  const conditions = reportedConditions.map((type) => ({
    type,
    status: "Unknown",
    reason: neverReported ? "NodeStatusNeverUpdated" : "NodeStatusUnknown",
    message: neverReported
      ? "Kubelet never posted node status."
      : "Kubelet stopped posting node status.",
    lastTransitionTime: toTimestamp(nowMs),
  }));
  return {
    method: "PATCH",
    path: `${nodePath(node)}/status`,
    contentType: "application/strategic-merge-patch+json",
    body: { status: { conditions } },
  };
}

/** The taints that a node should have for how it is; `NoExecute` ones know since when. */
function wantedTaints(node: Node): readonly Pick<Taint, "key" | "effect">[] {
  const status = readyStatus(node);
  if (status === "True") return [];
  const key = status === "Unknown" ? unreachable : notReady;
  // Without a word from the kubelet there is nobody to evict from.
  return status === undefined
    ? [{ key: notReady, effect: "NoSchedule" }]
    : [{ key, effect: "NoSchedule" }, { key, effect: "NoExecute" }];
}

function toTaintRequests(node: Node, nowMs: number): readonly ControlRequest[] {
  const before = node.spec?.taints ?? [];
  const wanted = wantedTaints(node);
  const same = (left: Pick<Taint, "key" | "effect">, right: Pick<Taint, "key" | "effect">) =>
    left.key === right.key && left.effect === right.effect;
  const kept = before.filter((taint) =>
    (taint.key !== notReady && taint.key !== unreachable) || wanted.some((one) => same(one, taint))
  );
  const added = wanted.filter((one) => !before.some((taint) => same(one, taint))).map((taint) => ({
    ...taint,
    timeAdded: toTimestamp(nowMs),
  }));
  if (added.length === 0 && kept.length === before.length) return [];
  const { resourceVersion } = node.metadata;
  const taints = [...kept, ...added].map((taint) => ({ ...taint }));
  return [{
    method: "PATCH",
    path: nodePath(node),
    body: { metadata: { resourceVersion }, spec: { taints } },
  }];
}
