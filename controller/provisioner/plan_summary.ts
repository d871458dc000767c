/**
 * What a plan says about claims and pools. Pure.
 *
 * @module
 */

import type { PodRef, SolveResult } from "../../scheduling/plan.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import { poolName } from "../node_claim/claim_state.ts";

/** The waiting pods that are planned onto each node, by the name that node and claim share. */
export function assignPods(plan: SolveResult): ReadonlyMap<string, readonly PodRef[]> {
  const assignments = new Map<string, PodRef[]>();
  for (const { node, pod } of plan.placements) {
    const pods = assignments.get(node);
    if (pods) pods.push(pod);
    else assignments.set(node, [pod]);
  }
  return assignments;
}

/** How many pods wait for each pool. */
export function countPending(
  plan: SolveResult,
  claims: readonly GPUNodeClaim[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (pool: string | undefined, count: number) => {
    if (pool !== undefined) counts.set(pool, (counts.get(pool) ?? 0) + count);
  };
  const pools = new Map(claims.map((claim) => [claim.metadata.name, poolName(claim)]));
  for (const { kind, node } of plan.placements) {
    if (kind === "planned") add(pools.get(node), 1);
  }
  for (const node of plan.newNodes) add(node.poolName, node.pods.length);
  return counts;
}
