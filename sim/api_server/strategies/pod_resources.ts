/**
 * What containers may ask for.
 *
 * Follows `ValidateContainerResourceRequirements` of k8s.io/kubernetes `pkg/apis/core/validation`, v1.36.0.
 *
 * @module
 */

import type { Cause } from "../api_error.ts";
import { asObject, asStringMap, type JsonObject } from "../json.ts";
import { toMilli } from "../schema/quantity.ts";

/** Whether a resource is somebody's own, like GPUs: whole numbers, never promised twice. */
function isExtended(name: string): boolean {
  return name.includes("/") && !name.split("/")[0]?.endsWith("kubernetes.io");
}

function invalid(field: string, value: string, why: string): Cause {
  return {
    reason: "FieldValueInvalid",
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    field,
  };
}

function checkAmount(field: string, name: string, amount: string): Cause[] {
  const milli = toMilli(amount);
  const at = `${field}[${name}]`;
  if (milli < 0n) return [invalid(at, amount, "must be greater than or equal to 0")];
  if (isExtended(name) && milli % 1000n !== 0n) return [invalid(at, amount, "must be an integer")];
  return [];
}

/** Every way in which a container's resources are wrong. */
export function validateResources(resources: JsonObject, path: string): readonly Cause[] {
  const limits = asStringMap(asObject(resources.limits));
  const requests = asStringMap(asObject(resources.requests));
  const causes = Object.entries(limits).flatMap(([name, amount]) =>
    checkAmount(`${path}.limits`, name, amount)
  );
  for (const [name, amount] of Object.entries(requests)) {
    causes.push(...checkAmount(`${path}.requests`, name, amount));
    const limit = limits[name];
    const field = `${path}.requests`;
    if (limit === undefined) {
      if (!isExtended(name)) continue;
      causes.push({
        reason: "FieldValueRequired",
        message: "Required value: Limit must be set for non overcommitable resources",
        field: `${path}.limits`,
      });
    } else if (isExtended(name) && toMilli(amount) !== toMilli(limit)) {
      causes.push(invalid(field, amount, `must be equal to ${name} limit of ${limit}`));
    } else if (toMilli(amount) > toMilli(limit)) {
      causes.push(
        invalid(field, amount, `must be less than or equal to ${name} limit of ${limit}`),
      );
    }
  }
  return causes;
}
