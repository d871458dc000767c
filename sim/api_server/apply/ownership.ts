/**
 * How ownership moves when fields change.
 *
 * Follows sigs.k8s.io/structured-merge-diff v6 `merge/update.go` and k8s.io/apimachinery
 * `pkg/util/managedfields/internal`, v0.36.0.
 *
 * @module
 */

import type { ResourceCall } from "../core.ts";
import {
  apiVersionOf,
  hasStatus,
  type ResourceDefinition,
} from "../resources/resource_definition.ts";
import { type Comparison, writtenFields } from "./compare.ts";
import { toMember } from "./field_element.ts";
import {
  emptyFieldSet,
  type FieldSet,
  intersect,
  isEmptySet,
  listPaths,
  subtract,
  subtractBelow,
  toFieldSet,
  unite,
} from "./field_set.ts";
import { type Manager, type ManagerId, managerKey, type Managers } from "./managers.ts";

/** A field that another manager owns and this write would change. */
export interface Conflict {
  readonly manager: Manager;
  readonly path: readonly string[];
}

/** Fields that nobody owns: the server writes them. */
const serverFields: FieldSet = toFieldSet(
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
  ].map((name) => ["f:metadata", toMember(name)]),
);

/** A manager's fields without those that the server writes. */
export function withoutServerFields(fields: FieldSet): FieldSet {
  return subtract(fields, serverFields);
}

/** Fields that a path resets to what they were, so that writing them there owns nothing. */
export function resetFields(definition: ResourceDefinition, subresource: string): FieldSet {
  if (subresource === "status") {
    return definition.custom
      ? toFieldSet(["f:spec"], ["f:metadata"])
      : toFieldSet(["f:spec"], ["f:metadata", "f:ownerReferences"], [
        "f:metadata",
        "f:deletionTimestamp",
      ]);
  }
  return subresource === "" && hasStatus(definition) ? toFieldSet(["f:status"]) : emptyFieldSet;
}

/** Fields without those that a path resets. */
export function withoutResetFields(fields: FieldSet, call: ResourceCall): FieldSet {
  return subtractBelow(fields, resetFields(call.definition, call.info.subresource));
}

/** Who makes a call. */
export function managerOf(call: ResourceCall, operation: "Apply" | "Update"): ManagerId {
  const agent = call.request.headers.get("User-Agent") ?? "";
  const manager = call.info.query.get("fieldManager") || agent.split("/")[0] || "unknown";
  return {
    manager,
    operation,
    apiVersion: apiVersionOf(call.definition),
    subresource: call.info.subresource === "" ? undefined : call.info.subresource,
  };
}

/** Every field of others that a comparison writes. */
export function findConflicts(
  managers: Managers,
  comparison: Comparison,
  self: string,
): readonly Conflict[] {
  const written = writtenFields(comparison);
  return [...managers].filter(([key]) => key !== self).flatMap(([, manager]) =>
    listPaths(intersect(manager.fields, written)).map((path) => ({ manager, path }))
  );
}

/** Takes written and removed fields from everybody but `self`; who has none left is gone. */
export function takeFields(managers: Managers, comparison: Comparison, self: string): Managers {
  const taken = unite(writtenFields(comparison), comparison.removed);
  const left = [...managers].map(([key, manager]): [string, Manager] =>
    key === self ? [key, manager] : [key, { ...manager, fields: subtract(manager.fields, taken) }]
  );
  return new Map(left.filter(([, { fields }]) => !isEmptySet(fields)));
}

/** The managers with one of them replaced, or dropped when it owns nothing. */
export function withManager(managers: Managers, manager: Manager): Managers {
  const next = new Map(managers);
  const key = managerKey(manager.id);
  if (isEmptySet(manager.fields)) next.delete(key);
  else next.set(key, manager);
  return next;
}
