/**
 * Who owns which fields: `metadata.managedFields`, decoded.
 *
 * Follows k8s.io/apimachinery `pkg/util/managedfields/internal/managedfields.go`, v0.36.0.
 *
 * @module
 */

import type { ManagedFieldsEntry } from "../api_object.ts";
import { decodeFields, encodeFields, type FieldSet, isEmptySet } from "./field_set.ts";

/** Who writes, and how. */
export interface ManagerId {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string | undefined;
}

/** One manager's fields. */
export interface Manager {
  readonly id: ManagerId;
  readonly fields: FieldSet;
  /** RFC 3339. */
  readonly time: string | undefined;
}

/** All managers, by {@linkcode managerKey}. */
export type Managers = ReadonlyMap<string, Manager>;

/** What makes two entries one manager's: appliers are the same in every version. */
export function managerKey({ manager, operation, apiVersion, subresource }: ManagerId): string {
  return JSON.stringify([
    manager,
    operation,
    operation === "Apply" ? "" : apiVersion,
    subresource ?? "",
  ]);
}

/** Reads the entries of an object. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers {
  return new Map((entries ?? []).map((entry) => {
    const id: ManagerId = {
      manager: entry.manager ?? "unknown",
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      subresource: entry.subresource,
    };
    const fields = decodeFields(entry.fieldsV1 ?? {});
    return [managerKey(id), { id, fields, time: entry.time }];
  }));
}

/** Writes entries, in the order of the real server. */
export function encodeManagers(managers: Managers): readonly ManagedFieldsEntry[] | undefined {
  const entries = [...managers.values()].filter(({ fields }) => !isEmptySet(fields)).map(toEntry);
  if (entries.length === 0) return undefined;
  const order = (
    entry: ManagedFieldsEntry,
  ) => [
    entry.operation,
    entry.time ?? "",
    entry.manager,
    entry.apiVersion,
    entry.subresource ?? "",
  ];
  return entries.sort((left, right) => compareLists(order(left), order(right)));
}

function toEntry({ id, fields, time }: Manager): ManagedFieldsEntry {
  return {
    manager: id.manager,
    operation: id.operation,
    apiVersion: id.apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(fields),
    ...(id.subresource === undefined ? {} : { subresource: id.subresource }),
  };
}

function compareLists(left: readonly string[], right: readonly string[]): number {
  for (const [index, one] of left.entries()) {
    const other = right[index] ?? "";
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
