/**
 * Dropping what a schema does not know.
 *
 * @module
 */

import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { indexPath, memberPath } from "./field_path.ts";
import { mapValueSchema, preservesUnknown, refTo, resolve, type Schema } from "./schema.ts";

const embeddedProperties: Readonly<Record<string, Schema>> = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: refTo("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"),
};

/**
 * A copy without the members that the schema does not specify.
 *
 * @param unknown Collects the paths of what was dropped.
 */
export function prune(value: Json, schema: Schema, unknown: string[], path = ""): Json {
  const resolved = resolve(schema);
  if (isArray(value)) {
    const items = resolved.items;
    if (!items) return value;
    return mapChanged(value, (item, index) => prune(item, items, unknown, indexPath(path, index)));
  }
  return isObject(value) ? pruneObject(value, resolved, unknown, path) : value;
}

function pruneObject(value: JsonObject, schema: Schema, unknown: string[], path: string): Json {
  const properties = schema["x-kubernetes-embedded-resource"] === true
    ? { ...embeddedProperties, ...schema.properties }
    : schema.properties;
  const values = mapValueSchema(schema);
  const keepUnknown = preservesUnknown(schema);
  const kept: Record<string, Json> = {};
  let changed = false;
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const at = memberPath(path, key);
    const memberSchema = ownProperty(properties, key) ?? values;
    if (memberSchema) kept[key] = prune(member, memberSchema, unknown, at);
    else if (keepUnknown) kept[key] = member;
    else unknown.push(at);
    changed ||= kept[key] !== member;
  }
  return changed ? kept : value;
}

/** A map's own entry, never one of `Object.prototype`. */
export function ownProperty<T>(
  map: Readonly<Record<string, T>> | undefined,
  key: string,
): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** `map`, but the very same array when no item changed. */
export function mapChanged(
  list: readonly Json[],
  change: (item: Json, index: number) => Json,
): readonly Json[] {
  let changed = false;
  const result = list.map((item, index) => {
    const next = change(item, index);
    changed ||= next !== item;
    return next;
  });
  return changed ? result : list;
}
