/**
 * Rules for GPUNodeClaim that neither its schema nor CEL can state.
 *
 * Most claims are the controller's own, made from a pool that was judged and pods that need a machine
 * now: they pass, so that a pool from before a rule goes on being served. The rules are for claims that
 * people write.
 *
 * @module
 */

import type { GPUNodeClaim } from "../../../schemas/node_claim.ts";
import type { AdmissionContext } from "../context/admission_context.ts";
import { checkClassRef } from "./check_class_ref.ts";
import { readRequirements } from "./check_contradictions.ts";
import { checkGpuLabels } from "./check_gpu_labels.ts";
import { checkRequirementKeys } from "./check_requirement_keys.ts";
import { checkOffers } from "./check_offers.ts";
import { checkValues } from "./check_values.ts";
import { type NodeTerms, termsOfClaim } from "./node_terms.ts";
import { type Violation, warn } from "./violation.ts";

/** Everything that is wrong with a claim. */
export function validateNodeClaim(
  claim: GPUNodeClaim,
  context: AdmissionContext,
): readonly Violation[] {
  const terms = termsOfClaim(claim);
  const violations = [...checkClassRef(terms, context)];
  if (claim.spec.nodePoolRef !== undefined) return violations;
  const values = checkValues(terms, context);
  violations.push(...checkRequirementKeys(terms), ...values);
  const read = readRequirements(terms);
  if (read.kind === "impossible") violations.push(...read.violations);
  else {
    violations.push(...checkGpuLabels(terms, read.requirements));
    if (values.length === 0) {
      violations.push(...checkOffers(terms, read.requirements, context.offers(terms.className)));
    }
  }
  violations.push(...checkWish(claim, terms), ...checkCeiling(terms));
  return violations;
}

/** A claim that asks for nothing in particular gets the cheapest machine there is, GPU or not. */
function checkWish({ spec }: GPUNodeClaim, { requirements }: NodeTerms): readonly Violation[] {
  const asks = requirements.value.length > 0 || Object.keys(spec.resources ?? {}).length > 0;
  return asks ? [] : [warn(
    "spec",
    "this claim asks for nothing in particular, so the cheapest machine of any kind is bought",
    "set resources or requirements",
  )];
}

function checkCeiling({ maxPerHour }: NodeTerms): readonly Violation[] {
  return maxPerHour.value !== undefined ? [] : [warn(
    maxPerHour.path,
    "nothing limits what this machine may cost",
    "set maxPricePerHour",
  )];
}
