/**
 * Rules for GPUNodeClass that neither its schema nor CEL can state.
 *
 * @module
 */

import { parseProviderName } from "../../providers/registry.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { AdmissionContext } from "./admission_context.ts";
import { deny, type Violation } from "./violation.ts";

/** Everything that is wrong with a class, in the order in which it is written. */
export function validateNodeClass(
  nodeClass: GPUNodeClass,
  _context: AdmissionContext,
): readonly Violation[] {
  return nodeClass.spec.providers.flatMap((entry, index) => {
    const field = entry.provider === undefined ? "name" : "provider";
    try {
      parseProviderName(entry.provider ?? entry.name);
      return [];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [deny(`spec.providers[${index}].${field}`, error.message)];
    }
  });
}
