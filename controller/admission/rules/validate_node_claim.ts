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
import { checkRequirements } from "./check_requirements.ts";
import { type NodeTerms, termsOfClaim } from "./node_terms.ts";
import { type Violation, warn } from "./violation.ts";

/** Everything that is wrong with a claim. */
export function validateNodeClaim(
  claim: GPUNodeClaim,
  context: AdmissionContext,
): readonly Violation[] {
  const terms = termsOfClaim(claim);
  const ofClass = checkClassRef(terms, context);
  if (claim.spec.nodePoolRef !== undefined) return ofClass;
  return [
    ...ofClass,
    ...checkRequirements(terms, context),
    ...checkWish(claim, terms),
    ...checkCeiling(terms),
  ];
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
