/**
 * Rules for GPUNodePool that neither its schema nor CEL can state.
 *
 * @module
 */

import type { GPUNodePool } from "../../../schemas/node_pool.ts";
import type { AdmissionContext } from "../context/admission_context.ts";
import { checkClassRef } from "./check_class_ref.ts";
import { checkMoneyIsLimited, checkReachedLimits } from "./check_limits.ts";
import { checkRequirements } from "./check_requirements.ts";
import { findRivals } from "./find_rivals.ts";
import { termsOfPool } from "./node_terms.ts";
import type { Violation } from "./violation.ts";

/** Everything that is wrong with a pool. */
export function validateNodePool(
  pool: GPUNodePool,
  context: AdmissionContext,
): readonly Violation[] {
  const { limits } = pool.spec;
  const terms = termsOfPool(pool);
  return [
    ...checkClassRef(terms, context),
    ...checkRequirements(terms, context),
    ...findRivals(pool, context.pools()),
    ...checkReachedLimits(limits, context.usage("pool", pool.metadata.name)),
    ...checkMoneyIsLimited(pool, context.nodeClass(terms.className)?.spec.limits),
  ];
}
