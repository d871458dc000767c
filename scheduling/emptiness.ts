/**
 * Whether a node is empty, and until when to wait before it is given back.
 *
 * @module
 */

import type { DurationMs } from "../schemas/duration.ts";
import type { Pod } from "../schemas/kubernetes.ts";
import { annotations } from "../schemas/labels.ts";
import { isDaemonPod, isFinished, isStaticPod } from "./pod_kinds.ts";

/** What is known about one node. Times are epoch milliseconds. */
export interface EmptinessInput {
  /** Every pod bound to the node, whatever its phase. */
  readonly pods: readonly Pod[];
  /** Annotations of the Node. */
  readonly annotations: Readonly<Record<string, string>>;
  /** When the node became Initialized; absent while it is not. */
  readonly initializedAt: number | undefined;
  /** When the node last had a pod that counts; absent if it never had one. */
  readonly lastPodAt: number | undefined;
  readonly policy: "WhenEmpty" | "Never";
  readonly consolidateAfter: DurationMs;
  readonly now: number;
}

/** What to do about a node. */
export type EmptinessDecision =
  /** Pods that count are on it; `pods` are `namespace/name`. */
  | { readonly kind: "inUse"; readonly pods: readonly string[] }
  /** Empty, but not for long enough. */
  | { readonly kind: "wait"; readonly untilMs: number }
  /** Empty, and it stays: the policy, the annotation, or not initialized yet. */
  | { readonly kind: "keep"; readonly message: string }
  /** Empty for long enough: give it back. */
  | { readonly kind: "giveBack"; readonly emptySinceMs: number };

/**
 * Whether a pod keeps its node: not one that comes with every node (DaemonSet, static), not one that
 * has finished or is leaving.
 */
export function keepsNode(pod: Pod): boolean {
  return !isDaemonPod(pod) && !isStaticPod(pod) && !isFinished(pod) &&
    pod.metadata.deletionTimestamp === undefined;
}

/**
 * Decides about one node. Idle time counts from Initialized and from the last pod's leaving,
 * whichever is later, so that a node is never given back while the pod it was bought for is on its
 * way to it.
 */
export function decideEmptiness(input: EmptinessInput): EmptinessDecision {
  const pods = input.pods.filter(keepsNode);
  if (pods.length > 0) {
    const names = pods.map(({ metadata }) => `${metadata.namespace ?? "default"}/${metadata.name}`);
    return { kind: "inUse", pods: names.sort() };
  }
  if (input.initializedAt === undefined) {
    return { kind: "keep", message: "Empty, but not initialized yet" };
  }
  if (input.policy === "Never") {
    return { kind: "keep", message: "Empty, but consolidationPolicy is Never" };
  }
  if (input.annotations[annotations.doNotDisrupt] === "true") {
    return { kind: "keep", message: `Empty, but annotated ${annotations.doNotDisrupt}=true` };
  }
  const emptySinceMs = Math.max(input.initializedAt, input.lastPodAt ?? -Infinity);
  const untilMs = emptySinceMs + input.consolidateAfter;
  return input.now < untilMs ? { kind: "wait", untilMs } : { kind: "giveBack", emptySinceMs };
}
