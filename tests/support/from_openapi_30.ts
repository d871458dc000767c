/**
 * Reads documents of OpenAPI 3.0 as those of 3.1, whose schemas are JSON Schema.
 *
 * @module
 */

import type { ApiDocument } from "./vendor_documents.ts";

/** The same document in the words of 3.1. */
export function fromOpenApi30(document: ApiDocument): ApiDocument {
  return translate(document) as ApiDocument;
}

function translate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translate);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, translate(field)]),
  );
  return translateNull(translateLimits(fields));
}

/** Exclusive limits were a word beside the limit. */
function translateLimits(fields: Record<string, unknown>): Record<string, unknown> {
  const { minimum, exclusiveMinimum, ...rest } = fields;
  if (typeof exclusiveMinimum !== "boolean") return fields;
  return { ...rest, [exclusiveMinimum ? "exclusiveMinimum" : "minimum"]: minimum };
}

/** Null was a word beside the type. */
function translateNull(fields: Record<string, unknown>): Record<string, unknown> {
  const { nullable, ...rest } = fields;
  if (typeof nullable !== "boolean") return fields;
  return nullable ? { anyOf: [rest, { type: "null" }] } : rest;
}
