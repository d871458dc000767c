/**
 * Which pods each claim is bought for, so that need can be checked again before money is spent.
 *
 * The provisioner writes an assignment after every pass; the claim lifecycle asks. Kept in memory:
 * after a restart the first pass assigns the pending pods to the claims that exist.
 *
 * @module
 */

import type { Pod } from "../schemas/kubernetes.ts";
import type { Reader } from "./reader.ts";

/** Whether a claim's machine is still wanted. `unknown` until the first pass after a start. */
export type Needed = "yes" | "no" | "unknown";

/** See the module. */
export interface Need {
  /** Replaces all assignments: claim name → UIDs of the pods planned onto it. */
  assign(assignments: ReadonlyMap<string, readonly string[]>): void;
  /** Adds the pods of a claim that was just created. */
  add(claim: string, podUids: readonly string[]): void;
  /** Whether a pod that waits was planned onto the claim. */
  of(claim: string): Needed;
  /** UIDs of the pods planned onto a claim. */
  podsOf(claim: string): readonly string[];
}

/** Creates the assignments, judged against the pods as last seen. */
export function createNeed(pods: Reader<Pod>, waits: (pod: Pod) => boolean): Need {
  let assignments: Map<string, readonly string[]> | undefined;
  return {
    assign(next) {
      assignments = new Map(next);
    },
    add(claim, podUids) {
      assignments?.set(claim, podUids);
    },
    of(claim) {
      if (!assignments) return "unknown";
      const uids = assignments.get(claim);
      if (!uids || uids.length === 0) return "no";
      const wanted = new Set(uids);
      return pods.list().some((pod) => wanted.has(pod.metadata.uid ?? "") && waits(pod))
        ? "yes"
        : "no";
    },
    podsOf: (claim) => assignments?.get(claim) ?? [],
  };
}
