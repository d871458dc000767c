/**
 * The refusal of an apply that would take fields from other managers.
 *
 * Follows k8s.io/apimachinery `pkg/util/managedfields/internal/conflict.go`, v0.36.0.
 *
 * @module
 */

import { ApiError } from "../api_error.ts";
import { toDisplay } from "./field_element.ts";
import { type Manager, managerKey } from "./managers.ts";
import type { Conflict } from "./ownership.ts";

function describeManager({ id }: Manager): string {
  const name = id.subresource === undefined
    ? JSON.stringify(id.manager)
    : `${JSON.stringify(id.manager)} with subresource ${JSON.stringify(id.subresource)}`;
  return id.operation === "Update" ? `${name} using ${id.apiVersion}` : name;
}

function describePath({ path }: Conflict): string {
  return path.map(toDisplay).join("");
}

function describeConflicts(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${describeManager(first.manager)}: ${
      describePath(first)
    }`;
  }
  const byManager = Map.groupBy(conflicts, ({ manager }) => managerKey(manager.id));
  const lines = [...byManager.keys()].sort().flatMap((key) => {
    const own = byManager.get(key) ?? [];
    const [one] = own;
    if (!one) return [];
    return [
      `conflicts with ${describeManager(one.manager)}:`,
      ...own.map((conflict) => `- ${describePath(conflict)}`),
    ];
  });
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

/** 409, with a cause for each field. */
export function conflictError(conflicts: readonly Conflict[]): ApiError {
  return new ApiError(409, "Conflict", describeConflicts(conflicts), {
    causes: conflicts.map((conflict) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${describeManager(conflict.manager)}`,
      field: describePath(conflict),
    })),
  });
}
