/**
 * Rules for GPUNodeClaim that neither its schema nor CEL can state.
 *
 * @module
 */

import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { AdmissionContext } from "./admission_context.ts";
import { type Violation, warn } from "./violation.ts";

/** Everything that is wrong with a claim. */
export function validateNodeClaim(
  claim: GPUNodeClaim,
  { nodeClass }: AdmissionContext,
): readonly Violation[] {
  const { name } = claim.spec.nodeClassRef;
  return nodeClass(name) === undefined
    ? [warn(
      "spec.nodeClassRef.name",
      `there is no GPUNodeClass "${name}" yet`,
      "nothing is bought for this claim until there is",
    )]
    : [];
}
