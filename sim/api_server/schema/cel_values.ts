/**
 * JSON values as CEL expressions see them.
 *
 * @module
 */

import { asArray, isArray, isObject, type Json } from "../json.ts";
import { ownProperty } from "./prune.ts";
import { mapValueSchema, resolve, type Schema } from "./schema.ts";

/** A value of CEL: integers are bigints, and JSON's structure is kept. */
export type CelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | readonly CelValue[]
  | { readonly [key: string]: CelValue };

/** A value, typed by its schema: `1` is an int or a double as the schema says. */
export function toCelValue(value: Json, schema: Schema): CelValue {
  const resolved = resolve(schema);
  if (typeof value === "number") {
    return resolved.type !== "number" && Number.isInteger(value) ? BigInt(value) : value;
  }
  if (typeof value === "string") {
    return resolved.format === "date-time" ? new Date(value) : value;
  }
  if (isArray(value)) return asArray(value).map((item) => toCelValue(item, resolved.items ?? {}));
  if (!isObject(value)) return value;
  const values = mapValueSchema(resolved);
  const members = Object.entries(value).flatMap(([key, member]): [string, CelValue][] => {
    if (member === undefined) return [];
    const property = ownProperty(resolved.properties, key);
    const name = property ? escapeName(key) : key;
    return [[name, toCelValue(member, property ?? values ?? {})]];
  });
  return Object.fromEntries(members);
}

/** Words that no CEL identifier may be. */
const reserved = new Set(
  ("true false null in as break const continue else for function if import let loop package namespace" +
    " return var void while").split(" "),
);

/** A property's name as Kubernetes escapes it to be a CEL identifier. */
export function escapeName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name.replaceAll("__", "__underscores__").replaceAll(".", "__dot__").replaceAll(
    "-",
    "__dash__",
  )
    .replaceAll("/", "__slash__");
}
