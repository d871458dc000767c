/**
 * Cancels a boot that nobody waits for any more.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import { minutes } from "../../schemas/duration.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import type { Need } from "../need.ts";
import { stepTime } from "./claim_state.ts";

/** Tolerance when the claim names none: pods that are replaced come back within seconds. */
const defaultToleranceMs = minutes(5);

/** Remembers since when a boot has been unneeded; forgotten by a restart, which only delays. */
export interface UnneededBoots {
  /** Why the claim should end, if it should. */
  judge(claim: GPUNodeClaim): NodeClaimStatus["end"];
}

/** Creates the memory. */
export function createUnneededBoots(clock: Clock, need: Need): UnneededBoots {
  const since = new Map<string, number>();
  return {
    judge(claim) {
      const { name } = claim.metadata;
      const settled = stepTime(claim, "Initialized") !== undefined || !claim.spec.nodePoolRef;
      if (settled || need.of(name) !== "no") {
        since.delete(name);
        return undefined;
      }
      const now = clock.now();
      const from = since.get(name) ?? now;
      since.set(name, from);
      const toleranceMs = claim.spec.consolidateAfter ?? defaultToleranceMs;
      if (claim.spec.consolidationPolicy === "Never" || now - from < toleranceMs) return undefined;
      since.delete(name);
      return {
        reason: reasons.notNeeded,
        message: "The pods that it was bought for are gone or run elsewhere",
      };
    },
  };
}
