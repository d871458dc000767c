/**
 * One field of a structural schema in words.
 *
 * @module
 */

import { timePattern } from "../schemas/time.ts";
import type { StructuralSchema } from "./structural_schema.ts";

/** The type, for example `list of object` or `map of string`. */
export function describeType(schema: StructuralSchema): string {
  if (schema["x-kubernetes-int-or-string"]) return "integer or string";
  if (schema.type === "array") return `list of ${describeType(schema.items ?? {})}`;
  if (schema.additionalProperties) return `map of ${describeType(schema.additionalProperties)}`;
  return isTime(schema) ? "time" : schema.type ?? "";
}

/** What a value must keep to, in words; empty if nothing. Rules that blame a field are that field's. */
export function describeBounds(schema: StructuralSchema): string {
  const parts = [
    describeEnum(schema.enum),
    describeRange(schema.minimum, schema.maximum, ""),
    isTime(schema) ? "" : describeRange(schema.minLength, schema.maxLength, " characters"),
    describeRange(schema.minItems, schema.maxItems, " items"),
    describeRange(schema.minProperties, schema.maxProperties, " entries"),
    describeUniqueness(schema),
    schema.pattern === undefined || isTime(schema) ? "" : `matches \`${schema.pattern}\``,
    ...(schema["x-kubernetes-validations"] ?? []).filter(({ fieldPath }) => fieldPath === undefined)
      .map(({ message }) => message),
    describeValues(schema),
  ];
  return parts.filter((part) => part !== "").join("; ");
}

/** Splits `"Meaning. Default 5m"` into the meaning and the default. */
export function splitDefault(
  description: string,
): { readonly meaning: string; readonly byDefault: string } {
  const match = /^(.*?)[.;]? Default (.+)$/.exec(description);
  if (!match) return { meaning: description, byDefault: "" };
  const [, meaning = "", byDefault = ""] = match;
  // One word is a value as it would be written; more are a sentence about it.
  return { meaning, byDefault: /^[\w.-]+$/.test(byDefault) ? `\`${byDefault}\`` : byDefault };
}

function isTime({ pattern }: StructuralSchema): boolean {
  return pattern === timePattern.source;
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
