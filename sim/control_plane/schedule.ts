/**
 * Where pods go: each to the node with the most room left, highest priority first.
 *
 * @module
 */

import { podRequests } from "../../scheduling/pod_requests.ts";
import type { Node, Pod } from "../../schemas/kubernetes.ts";
import { addResources, parseResources, type Resources } from "../../schemas/quantity.ts";
import { findMisfits, type NodeRoom } from "./node_fit.ts";
import { hasEnded } from "./pods.ts";

/** What becomes of one pod. */
export type Placement =
  | { readonly kind: "bind"; readonly pod: Pod; readonly nodeName: string }
  | { readonly kind: "unschedulable"; readonly pod: Pod; readonly message: string };

/** The pods that wait for a node, in the order in which they get one. */
export function selectPending(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(({ metadata, spec, status }) =>
    !spec.nodeName && metadata.deletionTimestamp === undefined &&
    (status?.phase ?? "Pending") === "Pending" &&
    (spec.schedulerName ?? "default-scheduler") === "default-scheduler" &&
    (spec.schedulingGates ?? []).length === 0
  ).toSorted(compareOrder);
}

function compareOrder(left: Pod, right: Pod): number {
  const byPriority = (right.spec.priority ?? 0) - (left.spec.priority ?? 0);
  if (byPriority !== 0) return byPriority;
  const key = ({ metadata }: Pod) =>
    `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;
  return key(left) < key(right) ? -1 : 1;
}

/** Places all pending pods, each with regard to those placed before it. Pure. */
export function placePods(pods: readonly Pod[], nodes: readonly Node[]): readonly Placement[] {
  const pending = selectPending(pods);
  if (pending.length === 0) return [];
  const rooms = toRooms(pods, nodes);
  return pending.map((pod) => {
    const requests = podRequests(pod);
    const misfits = rooms.map((room) => findMisfits(pod, requests, room));
    const best = selectBest(rooms.filter((_room, index) => misfits[index]?.length === 0));
    if (!best) {
      return { kind: "unschedulable", pod, message: describeMisfits(misfits) };
    }
    const index = rooms.indexOf(best);
    rooms[index] = { ...best, used: addResources(best.used, requests) };
    return { kind: "bind", pod, nodeName: best.node.metadata.name };
  });
}

function toRooms(pods: readonly Pod[], nodes: readonly Node[]): NodeRoom[] {
  const used = new Map<string, Resources>();
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    if (!nodeName || hasEnded(pod)) continue;
    used.set(nodeName, addResources(used.get(nodeName) ?? {}, podRequests(pod)));
  }
  return nodes.map((node) => ({
    node,
    allocatable: parseResources(node.status?.allocatable),
    used: used.get(node.metadata.name) ?? {},
  }));
}

/** The node whose cpu and memory would be used least; the first of equals. */
function selectBest(rooms: readonly NodeRoom[]): NodeRoom | undefined {
  let best: NodeRoom | undefined;
  for (const room of rooms) if (!best || freeShare(room) > freeShare(best)) best = room;
  return best;
}

function freeShare({ allocatable, used }: NodeRoom): number {
  return ["cpu", "memory"].reduce((sum, name) => {
    const total = allocatable[name] ?? 0;
    return total > 0 ? sum + (total - (used[name] ?? 0)) / total : sum;
  }, 0);
}

/** kube-scheduler's message: how many nodes there are, and how many fail for which reason. */
function describeMisfits(misfits: readonly (readonly string[])[]): string {
  const total = misfits.length;
  if (total === 0) return "no nodes available to schedule pods";
  const counts = new Map<string, number>();
  for (const reason of misfits.flat()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${total} nodes are available: ${reasons.join(", ")}. preemption: 0/${total} nodes are` +
    ` available: ${total} Preemption is not helpful for scheduling.`;
}
