/**
 * Empties a node before its machine goes: taint, evict in waves, and past the deadline delete.
 *
 * **Guarantees**: evictions carry the pod's UID, so a pod of the same name elsewhere is safe;
 * disruption budgets are honoured until the deadline, which is the claim's own.
 *
 * @module
 */

import { isConflict, isNotFound, type Kube, KubeError } from "../../kube/kube.ts";
import { nodes as nodeType, pods as podType } from "../../kube/resource.ts";
import type { Node, Pod } from "../../schemas/kubernetes.ts";
import { taints } from "../../schemas/labels.ts";
import { decideDrain } from "./drain_waves.ts";

/** Takes the node out of cloud load balancers while it drains. */
const excludeFromBalancers = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Marks a node as leaving: no new pods, no balancer. Does nothing when it is marked already. */
export async function taintLeaving(kube: Kube, node: Node, signal: AbortSignal): Promise<void> {
  const current = node.spec?.taints ?? [];
  if (current.some(({ key }) => key === taints.disrupted)) return;
  await kube.patch(nodeType, { name: node.metadata.name }, {
    metadata: {
      resourceVersion: node.metadata.resourceVersion,
      labels: { [excludeFromBalancers]: "tgp" },
    },
    spec: { taints: [...current, { key: taints.disrupted, effect: "NoSchedule" }] },
  }, { signal });
}

/** Takes the mark back, when the node turned out to be needed. */
export async function untaintLeaving(kube: Kube, node: Node, signal: AbortSignal): Promise<void> {
  const current = node.spec?.taints ?? [];
  if (!current.some(({ key }) => key === taints.disrupted)) return;
  await kube.patch(nodeType, { name: node.metadata.name }, {
    metadata: {
      resourceVersion: node.metadata.resourceVersion,
      labels: { [excludeFromBalancers]: null },
    },
    spec: { taints: current.filter(({ key }) => key !== taints.disrupted) },
  }, { signal });
}

/** Pods bound to a node, read from the API server and not from a cache. */
export async function listPodsOn(
  kube: Kube,
  nodeName: string,
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  const { items } = await kube.list(podType, {
    fieldSelector: `spec.nodeName=${nodeName}`,
    signal,
  });
  return items;
}

/** What is left after one pass over a node's pods. */
export interface DrainProgress {
  readonly remaining: number;
  /** Pods that a disruption budget holds back. */
  readonly blocked: readonly Pod[];
}

/**
 * Does one pass over a node's pods.
 *
 * @param deadlineMs From then on pods are deleted outright. Epoch milliseconds.
 */
export async function drainPass(
  kube: Kube,
  nodeName: string,
  deadlineMs: number,
  now: number,
  signal: AbortSignal,
): Promise<DrainProgress> {
  const decision = decideDrain(await listPodsOn(kube, nodeName, signal), now);
  const blocked: Pod[] = [];
  for (const pod of decision.evict) {
    const graceMs = (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
    const pastDeadline = now >= deadlineMs - graceMs;
    if (pastDeadline) await deletePod(kube, pod, Math.max(1_000, deadlineMs - now), signal);
    else if (!await evictPod(kube, pod, signal)) blocked.push(pod);
  }
  return { remaining: decision.evict.length + decision.leaving.length, blocked };
}

/** @returns Whether the eviction was accepted, or the pod is gone. */
async function evictPod(kube: Kube, pod: Pod, signal: AbortSignal): Promise<boolean> {
  const { name, namespace, uid = "" } = pod.metadata;
  try {
    await kube.evict({ name, namespace }, { uid, signal });
    return true;
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return true;
    // 429: a budget says wait. 500: more than one budget covers the pod, which needs a person.
    if (error instanceof KubeError && (error.code === 429 || error.code === 500)) return false;
    throw error;
  }
}

async function deletePod(
  kube: Kube,
  pod: Pod,
  leftMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const gracePeriodSeconds = Math.min(
    pod.spec.terminationGracePeriodSeconds ?? 30,
    Math.ceil(leftMs / 1000),
  );
  try {
    await kube.delete(podType, { name, namespace }, {
      gracePeriodSeconds,
      preconditions: { uid },
      signal,
    });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
