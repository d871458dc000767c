/**
 * Rules of Nodes.
 *
 * Follows k8s.io/kubernetes `pkg/registry/core/node/strategy.go` and `ValidateNodeUpdate`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Cause } from "../api_error.ts";
import { asArray, asObject, asString, getIn, setIn } from "../json.ts";
import type { Strategy } from "./strategy.ts";

/** Allocatable that is not stated is the capacity. */
function defaults(node: ApiObject): ApiObject {
  const capacity = getIn(node, "status", "capacity");
  if (capacity === undefined || getIn(node, "status", "allocatable") !== undefined) return node;
  return setIn(node, ["status", "allocatable"], capacity);
}

function validate(node: ApiObject, previous: ApiObject | undefined): readonly Cause[] {
  const causes: Cause[] = [];
  const before = asString(getIn(previous, "spec", "providerID")) ?? "";
  const after = asString(getIn(node, "spec", "providerID")) ?? "";
  if (before !== "" && after !== before) {
    causes.push({
      reason: "FieldValueForbidden",
      field: "spec.providerID",
      message: 'Forbidden: node updates may not change providerID except from "" to valid',
    });
  }
  const seen = new Set<string>();
  for (const [index, raw] of asArray(getIn(node, "spec", "taints")).entries()) {
    const { key, effect } = asObject(raw);
    const field = `spec.taints[${index}]`;
    if (!key) {
      const message = "Required value: name part must be non-empty";
      causes.push({ reason: "FieldValueRequired", message, field: `${field}.key` });
    }
    if (effect !== "NoSchedule" && effect !== "PreferNoSchedule" && effect !== "NoExecute") {
      causes.push({
        reason: "FieldValueNotSupported",
        field: `${field}.effect`,
        message: `Unsupported value: ${JSON.stringify(effect ?? "")}: supported values:` +
          ` "NoExecute", "NoSchedule", "PreferNoSchedule"`,
      });
    }
    if (seen.has(`${key}:${effect}`)) {
      const message = `Duplicate value: ${JSON.stringify(raw)}`;
      causes.push({ reason: "FieldValueDuplicate", message, field });
    }
    seen.add(`${key}:${effect}`);
  }
  return causes;
}

/** See the module. */
export const nodeStrategy: Strategy = {
  defaults,
  validate,
  selectableFields: (node) => ({
    "spec.unschedulable": String(getIn(node, "spec", "unschedulable") === true),
  }),
};
