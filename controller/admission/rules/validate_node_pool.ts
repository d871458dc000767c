/**
 * Rules for GPUNodePool that neither its schema nor CEL can state.
 *
 * @module
 */

import type { GPUNodePool } from "../../../schemas/node_pool.ts";
import type { AdmissionContext } from "../context/admission_context.ts";
import { checkClassRef } from "./check_class_ref.ts";
import { readRequirements } from "./check_contradictions.ts";
import { checkGpuLabels } from "./check_gpu_labels.ts";
import { checkRequirementKeys } from "./check_requirement_keys.ts";
import { checkMoneyIsLimited, checkReachedLimits } from "./check_limits.ts";
import { checkOffers } from "./check_offers.ts";
import { checkValues } from "./check_values.ts";
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
  const violations = [...checkClassRef(terms, context), ...checkRequirementKeys(terms)];
  const read = readRequirements(terms);
  const values = checkValues(terms, context);
  violations.push(...values);
  if (read.kind === "impossible") violations.push(...read.violations);
  else {
    const known = context.offers(terms.className);
    violations.push(...checkGpuLabels(terms, read.requirements));
    // A value that does not exist explains by itself why nothing fits.
    if (values.length === 0) violations.push(...checkOffers(terms, read.requirements, known));
    violations.push(...findRivals(pool, context.pools()));
  }
  violations.push(
    ...checkReachedLimits(limits, context.usage("pool", pool.metadata.name)),
    ...checkMoneyIsLimited(pool, context.nodeClass(terms.className)?.spec.limits),
  );
  return violations;
}
