/**
 * Which pods each claim is bought for, so that need can be checked again before money is spent.
 *
 * The provisioner writes an assignment after every pass; the claim lifecycle asks. Kept in memory:
 * after a restart the first pass assigns the pending pods to the claims that exist.
 *
 * @module
 */

import { toKey } from "../kube/resource.ts";
import type { PodRef } from "../scheduling/plan.ts";
import type { Pod } from "../schemas/kubernetes.ts";
import type { Reader } from "./reader.ts";

/** Whether a claim's machine is still wanted. `unknown` until the first pass after a start. */
export type Needed = "yes" | "no" | "unknown";

/** See the module. */
export interface Need {
  /** Replaces all assignments: claim name → the pods planned onto it. */
  assign(assignments: ReadonlyMap<string, readonly PodRef[]>): void;
  /** Adds the pods of a claim that was just created. */
  add(claim: string, pods: readonly PodRef[]): void;
  /** Whether a pod that waits was planned onto the claim. */
  of(claim: string): Needed;
  /** UIDs of the pods planned onto a claim; `undefined` until the first pass after a start. */
  podsOf(claim: string): readonly string[] | undefined;
}

/** Creates the assignments, judged against the pods as last seen. */
export function createNeed(pods: Reader<Pod>, waits: (pod: Pod) => boolean): Need {
  let assignments: Map<string, readonly PodRef[]> | undefined;
  return {
    assign(next) {
      assignments = new Map(next);
    },
    add(claim, planned) {
      assignments?.set(claim, planned);
    },
    of(claim) {
      if (!assignments) return "unknown";
      const stillWaits = (assignments.get(claim) ?? []).some((ref) => {
        const pod = pods.get(toKey(ref));
        return pod !== undefined && pod.metadata.uid === ref.uid && waits(pod);
      });
      return stillWaits ? "yes" : "no";
    },
    podsOf: (claim) => assignments && (assignments.get(claim) ?? []).map(({ uid }) => uid),
  };
}
