/**
 * Requirements: on labels that there are, with values that there are, not against each other, and such that
 * something could be bought.
 *
 * @module
 */

import type { AdmissionContext } from "../context/admission_context.ts";
import { readRequirements } from "./check_contradictions.ts";
import { checkGpuLabels } from "./check_gpu_labels.ts";
import { checkOffers } from "./check_offers.ts";
import { checkRequirementKeys } from "./check_requirement_keys.ts";
import { checkValues } from "./check_values.ts";
import type { NodeTerms } from "./node_terms.ts";
import type { Violation } from "./violation.ts";

/** Everything that is wrong with requirements. */
export function checkRequirements(
  terms: NodeTerms,
  context: AdmissionContext,
): readonly Violation[] {
  const misnamed = [...checkRequirementKeys(terms), ...checkValues(terms, context)];
  const read = readRequirements(terms);
  if (read.kind === "impossible") return [...misnamed, ...read.violations];
  const { requirements } = read;
  return [
    ...misnamed,
    ...checkGpuLabels(terms, requirements),
    // A name that does not exist explains by itself why nothing fits.
    ...misnamed.length > 0 ? [] : checkOffers(terms, requirements, context.offers(terms.className)),
  ];
}
