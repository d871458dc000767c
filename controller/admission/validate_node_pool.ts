/**
 * Rules for GPUNodePool that neither its schema nor CEL can state.
 *
 * @module
 */

import type { GPUNodePool } from "../../schemas/node_pool.ts";
import type { AdmissionContext } from "./admission_context.ts";
import { type Violation, warn } from "./violation.ts";

/** Everything that is wrong with a pool, in the order in which it is written. */
export function validateNodePool(
  pool: GPUNodePool,
  context: AdmissionContext,
): readonly Violation[] {
  return checkClass(pool, context);
}

function checkClass({ spec }: GPUNodePool, { nodeClass }: AdmissionContext): readonly Violation[] {
  const { name } = spec.nodeClassRef;
  return nodeClass(name) === undefined
    ? [warn(
      "spec.nodeClassRef.name",
      `there is no GPUNodeClass "${name}" yet`,
      "nothing is bought for this pool until there is",
    )]
    : [];
}
