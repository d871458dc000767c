/**
 * Filling in the defaults that a schema states.
 *
 * For built-in kinds these are Go's zero values of fields that are always written out
 * (`status: {}`, `resources: {}`); what their defaulting functions add is in `strategies/`.
 *
 * @module
 */

import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { mapChanged } from "./prune.ts";
import { mapValueSchema, resolve, type Schema } from "./schema.ts";

/** A copy with defaults filled in; a null member with a default that is not nullable is replaced. */
export function fillDefaults(value: Json, schema: Schema): Json {
  const resolved = resolve(schema);
  if (isArray(value)) {
    const items = resolved.items;
    return items ? mapChanged(value, (item) => fillDefaults(item, items)) : value;
  }
  return isObject(value) ? fillObject(value, resolved) : value;
}

function fillObject(value: JsonObject, schema: Schema): Json {
  let filled: Record<string, Json | undefined> | undefined;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const present = value[key];
    const missing = present === undefined ||
      (present === null && property.nullable !== true && property.default !== undefined);
    const source = missing ? property.default : present;
    if (source === undefined) continue;
    const next = fillDefaults(source, property);
    if (next !== present) (filled ??= { ...value })[key] = next;
  }
  const values = mapValueSchema(schema);
  if (values) {
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const next = fillDefaults(member, values);
      if (next !== member) (filled ??= { ...value })[key] = next;
    }
  }
  return filled ?? value;
}

/**
 * A copy without null members: how Go reads JSON. Built-in kinds never hold nulls; custom ones keep
 * those that are nullable.
 *
 * @param inMaps Whether nulls go from maps, too, as they do in custom kinds.
 */
export function dropNulls(value: Json, schema: Schema, inMaps: boolean): Json {
  const resolved = resolve(schema);
  if (isArray(value)) {
    const items = resolved.items;
    return items ? mapChanged(value, (item) => dropNulls(item, items, inMaps)) : value;
  }
  if (!isObject(value)) return value;
  if (resolved["x-kubernetes-preserve-unknown-fields"] === true && !resolved.properties) {
    return value;
  }
  const values = mapValueSchema(resolved);
  let changed: Record<string, Json | undefined> | undefined;
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const memberSchema = resolved.properties?.[key] ?? values;
    if (member === null) {
      if (memberSchema?.nullable !== true && (inMaps || values === undefined)) {
        delete (changed ??= { ...value })[key];
      }
      continue;
    }
    const next = memberSchema ? dropNulls(member, memberSchema, inMaps) : member;
    if (next !== member) (changed ??= { ...value })[key] = next;
  }
  return changed ?? value;
}
