/**
 * The class that pools and claims refer to.
 *
 * @module
 */

import type { AdmissionContext } from "../context/admission_context.ts";
import type { NodeTerms } from "./node_terms.ts";
import { type Violation, warn } from "./violation.ts";

/** A class that is not there yet, or not for long. */
export function checkClassRef(
  { className, noun }: NodeTerms,
  { nodeClass }: AdmissionContext,
): readonly Violation[] {
  const path = "spec.nodeClassRef.name";
  const found = nodeClass(className);
  if (found === undefined) {
    return [warn(
      path,
      `there is no GPUNodeClass "${className}" yet`,
      `until then, nothing is bought for ${noun}`,
    )];
  }
  if (found.metadata.deletionTimestamp === undefined) return [];
  return [warn(
    path,
    `GPUNodeClass "${className}" is being deleted`,
    `nothing is bought for ${noun} any more`,
  )];
}
