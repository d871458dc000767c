/**
 * Quantities and times of built-in kinds in the form in which Go writes them back.
 *
 * @module
 */

import { toTimestamp } from "../api_object.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { mapChanged, ownProperty } from "./prune.ts";
import { canonicalQuantity } from "./quantity.ts";
import { mapValueSchema, refName, resolve, type Schema } from "./schema.ts";

const quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const time = "io.k8s.apimachinery.pkg.apis.meta.v1.Time";
const microTime = "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime";

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Times of leases have exactly six digits after the point, or the real server does not read them. */
const rfc3339Micro = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;

/** A copy with every quantity and time in canonical form. @throws {RangeError} For one that is none. */
export function canonicalize(value: Json, schema: Schema): Json {
  const name = refName(schema);
  if (name === quantity) return isScalar(value) ? canonicalQuantity(value) : value;
  if (name === time && typeof value === "string") return canonicalTime(value);
  if (name === microTime && typeof value === "string") return canonicalMicroTime(value);
  const resolved = resolve(schema);
  if (isArray(value)) {
    const { items } = resolved;
    return items ? mapChanged(value, (item) => canonicalize(item, items)) : value;
  }
  return isObject(value) ? canonicalizeMembers(value, resolved) : value;
}

function isScalar(value: Json): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function canonicalizeMembers(value: JsonObject, schema: Schema): Json {
  const values = mapValueSchema(schema);
  let changed: Record<string, Json | undefined> | undefined;
  for (const [key, member] of Object.entries(value)) {
    const memberSchema = ownProperty(schema.properties, key) ?? values;
    if (member === undefined || !memberSchema) continue;
    const next = canonicalize(member, memberSchema);
    if (next !== member) (changed ??= { ...value })[key] = next;
  }
  return changed ?? value;
}

function canonicalTime(text: string): string {
  if (!rfc3339.test(text)) throw unreadable(text, "2006-01-02T15:04:05Z07:00");
  return toTimestamp(Date.parse(text));
}

function canonicalMicroTime(text: string): string {
  if (!rfc3339Micro.test(text)) throw unreadable(text, "2006-01-02T15:04:05.000000Z07:00");
  if (text.endsWith("Z")) return text;
  const digits = text.slice(19, 26);
  return `${new Date(Date.parse(text)).toISOString().slice(0, 19)}${digits}Z`;
}

function unreadable(text: string, layout: string): RangeError {
  return new RangeError(`parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}`);
}
