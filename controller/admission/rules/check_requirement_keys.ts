/**
 * Requirements on labels in our own domain that no machine is offered with: mistyped, or set only once a
 * node is there.
 *
 * @module
 */

import { findNearest } from "../../../scheduling/label_hint.ts";
import { apiGroup, labels } from "../../../schemas/labels.ts";
import type { NodeTerms } from "./node_terms.ts";
import { deny, type Violation } from "./violation.ts";

/** The labels in our domain that offers have. */
const offerLabels: readonly string[] = [
  labels.account,
  labels.capacityType,
  labels.continent,
  labels.country,
  labels.gpuCount,
  labels.gpuMemoryGb,
  labels.gpuModel,
  labels.provider,
];

/** Every requirement on a label of ours that there is not. */
export function checkRequirementKeys({ requirements }: NodeTerms): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [index, { key }] of requirements.value.entries()) {
    if (!key.startsWith(`${apiGroup}/`) || offerLabels.includes(key)) continue;
    const nearest = findNearest(key, offerLabels);
    violations.push(deny(
      `${requirements.path}[${index}].key`,
      `no machine is offered with the label ${key}`,
      nearest === undefined
        ? `labels of ${apiGroup} are ${offerLabels.join(", ")}`
        : `did you mean ${nearest}?`,
    ));
  }
  return violations;
}
