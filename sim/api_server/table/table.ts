/**
 * Tables: the answer that `kubectl get` asks for.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { JsonObject } from "../json.ts";
import type { Column } from "./column.ts";

/** What a row carries of its object. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** How to make a table. */
export interface TableOptions {
  readonly columns: readonly Column[];
  readonly includeObject: IncludeObject;
  /** Whether the columns are announced; watches do so once. */
  readonly withColumns: boolean;
  readonly nowMs: number;
}

/** A `meta.k8s.io/v1` Table of some objects. */
export function toTable(
  objects: readonly ApiObject[],
  metadata: JsonObject,
  options: TableOptions,
): JsonObject {
  const { columns, nowMs } = options;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: options.withColumns ? columns.map(toDefinition) : [],
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, nowMs)),
      object: rowObject(object, options.includeObject),
    })),
  };
}

function toDefinition(column: Column): JsonObject {
  return {
    name: column.name,
    type: column.type,
    format: column.format ?? "",
    description: column.description ?? "",
    priority: column.priority ?? 0,
  };
}

function rowObject(object: ApiObject, include: IncludeObject) {
  if (include === "Object") return object;
  return include === "None" ? null : toPartialMetadata(object);
}

/** An object's metadata alone, as `PartialObjectMetadata`. */
export function toPartialMetadata(object: ApiObject): JsonObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: object.metadata,
  };
}
