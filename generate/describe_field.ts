/**
 * One field of a structural schema in words.
 *
 * @module
 */

import type { StructuralSchema } from "./structural_schema.ts";

/** The type, for example `list of object` or `map of string`. */
export function describeType(schema: StructuralSchema): string {
  if (schema["x-kubernetes-int-or-string"]) return "integer or string";
  if (schema.type === "array") return `list of ${describeType(schema.items ?? {})}`;
  if (schema.additionalProperties) return `map of ${describeType(schema.additionalProperties)}`;
  return schema.format === "date-time" ? "time" : schema.type ?? "";
}

/** What a value must keep to, in words; empty if nothing. */
export function describeBounds(schema: StructuralSchema): string {
  const parts = [
    describeEnum(schema.enum),
    describeRange(schema.minimum, schema.maximum, ""),
    describeRange(schema.minLength, schema.maxLength, " characters"),
    describeRange(schema.minItems, schema.maxItems, " items"),
    describeRange(schema.minProperties, schema.maxProperties, " entries"),
    describeUniqueness(schema),
    schema.pattern === undefined || schema.format ? "" : `matches \`${schema.pattern}\``,
    schema.format === "uuid" ? "a UUID" : "",
    ...(schema["x-kubernetes-validations"] ?? []).map((rule) => rule.message),
    describeValues(schema),
  ];
  return parts.filter((part) => part !== "").join("; ");
}

/** Splits `"Meaning. Default 5m"` into the meaning and the default. */
export function splitDefault(
  description: string,
): { readonly meaning: string; readonly byDefault: string } {
  const match = /^(.*?)[.;]? Default (.+)$/.exec(description);
  return match
    ? { meaning: match[1] ?? "", byDefault: `\`${match[2]}\`` }
    : { meaning: description, byDefault: "" };
}

function describeEnum(values: readonly unknown[] | undefined): string {
  return values === undefined ? "" : values.map((value) => `\`${value}\``).join(", ");
}

function describeRange(min: number | undefined, max: number | undefined, unit: string): string {
  // "At least one character" and "not negative" are what everybody expects.
  const low = min === undefined || (unit === " characters" && min === 1) ? undefined : min;
  if (low !== undefined && max !== undefined) return `${low} to ${max}${unit}`;
  if (low !== undefined) return `at least ${low}${unit}`;
  return max === undefined ? "" : `at most ${max}${unit}`;
}

function describeUniqueness(schema: StructuralSchema): string {
  const keys = schema["x-kubernetes-list-map-keys"];
  if (keys) return `unique by ${keys.map((key) => `\`${key}\``).join(" and ")}`;
  return schema["x-kubernetes-list-type"] === "set" ? "unique" : "";
}

/** The bounds of the scalars in a list or map. */
function describeValues(schema: StructuralSchema): string {
  const values = schema.items ?? schema.additionalProperties;
  if (!values) return "";
  const bounds = describeBounds(values);
  return bounds ? `each ${bounds}` : "";
}
