/**
 * Which pods leave a node next.
 *
 * Four waves, each only once the one before is gone: ordinary pods, ordinary daemons, critical pods,
 * critical daemons; so that logging and networking outlive the work that needs them.
 *
 * @module
 */

import type { Pod, Toleration } from "../../schemas/kubernetes.ts";
import { taints } from "../../schemas/labels.ts";

/** Priority from which Kubernetes calls a pod critical (`system-cluster-critical`). */
const criticalPriority = 2_000_000_000;

/** A pod is not waited for when it has been terminating for so much longer than its grace. */
const stuckAfterMs = 60_000;

/** What to do with a node's pods now. */
export interface DrainDecision {
  /** Pods to evict in this wave. */
  readonly evict: readonly Pod[];
  /** Pods whose eviction is under way. */
  readonly leaving: readonly Pod[];
}

/** Picks the first wave that still has pods; both lists empty means drained. */
export function decideDrain(pods: readonly Pod[], now: number): DrainDecision {
  const waves: Pod[][] = [[], [], [], []];
  for (const pod of pods) {
    if (mustLeave(pod, now)) waves[waveOf(pod)]?.push(pod);
  }
  const wave = waves.find((candidates) => candidates.length > 0) ?? [];
  return {
    evict: wave.filter((pod) => pod.metadata.deletionTimestamp === undefined),
    leaving: wave.filter((pod) => pod.metadata.deletionTimestamp !== undefined),
  };
}

/** Whether a node may not go before this pod has gone. */
function mustLeave(pod: Pod, now: number): boolean {
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed") return false;
  if (pod.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined) return false;
  if (toleratesDisruption(pod.spec.tolerations ?? [])) return false;
  const deletion = pod.metadata.deletionTimestamp;
  return deletion === undefined || now < Date.parse(deletion) + stuckAfterMs;
}

function toleratesDisruption(tolerations: readonly Toleration[]): boolean {
  return tolerations.some(({ key, operator, effect }) =>
    (effect === undefined || effect === "NoSchedule") &&
    (key === taints.disrupted || (key === undefined && operator === "Exists"))
  );
}

function waveOf(pod: Pod): number {
  const daemon = pod.metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet") ? 1 : 0;
  const critical = (pod.spec.priority ?? 0) >= criticalPriority ? 2 : 0;
  return critical + daemon;
}
