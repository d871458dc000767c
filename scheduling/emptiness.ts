/**
 * Whether a node is empty, and until when to wait before it is given back.
 *
 * @module
 */

import type { DurationMs } from "../schemas/duration.ts";
import type { Pod } from "../schemas/kubernetes.ts";

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
