/**
 * Documents that put schemas together with `allOf`, as one schema each.
 *
 * @module
 */

import { type ApiDocument, resolve } from "./vendor_documents.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The document with every `allOf` joined: properties and required fields of all parts, and what stands
 * beside them. References stay, but to schemas that had parts.
 */
export function joinAllOf(document: ApiDocument): ApiDocument {
  return join(document, document) as ApiDocument;
}

function join(document: ApiDocument, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => join(document, item));
  if (typeof value !== "object" || value === null) return value;
  const { allOf, ...beside } = value as Json;
  const own = Object.fromEntries(
    Object.entries(beside).map(([key, inner]) => [key, join(document, inner)]),
  );
  if (!Array.isArray(allOf)) return own;
  return [...allOf.map((part) => join(document, resolve(document, part)) as Json), own]
    .reduce(merge);
}

function merge(left: Json, right: Json): Json {
  const both = (key: string) => [left[key], right[key]].flat().filter((part) => part !== undefined);
  const properties = { ...left["properties"] as Json, ...right["properties"] as Json };
  return {
    ...left,
    ...right,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(both("required").length > 0 && { required: [...new Set(both("required"))] }),
  };
}
