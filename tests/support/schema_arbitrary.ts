/**
 * Random values that fit a schema of an OpenAPI document.
 *
 * @module
 */

import fc from "fast-check";
import { type ApiDocument, resolve } from "./vendor_documents.ts";

/** Values that fit `schema`, with fields nobody declared now and then. */
export function arbitraryOf(document: ApiDocument, schema: unknown): fc.Arbitrary<unknown> {
  const resolved = resolve(document, schema);
  const branches = [resolved["anyOf"], resolved["oneOf"]].flat().filter((branch) => branch);
  if (branches.length > 0) {
    return fc.oneof(...branches.map((branch) => arbitraryOf(document, branch)));
  }
  const named = resolved["enum"];
  if (Array.isArray(named)) return fc.constantFrom(...named);
  return fc.oneof(
    ...[resolved["type"]].flat().map((type) => ofType(document, resolved, String(type))),
  );
}

function ofType(
  document: ApiDocument,
  schema: Readonly<Record<string, unknown>>,
  type: string,
): fc.Arbitrary<unknown> {
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.nat(100_000);
    case "number":
      return ofNumber(schema);
    case "string":
      return ofString(schema);
    case "array":
      return fc.array(arbitraryOf(document, schema["items"]), { maxLength: 4 });
    case "object":
      return ofObject(document, schema);
    default:
      throw new TypeError(`No arbitrary for type "${type}"`);
  }
}

function ofNumber({ minimum, exclusiveMinimum }: Readonly<Record<string, unknown>>) {
  const least = exclusiveMinimum ?? minimum ?? -1_000;
  return fc.double({
    min: Number(least),
    minExcluded: exclusiveMinimum !== undefined,
    max: 1_000_000,
    noNaN: true,
  });
}

function ofString({ pattern, format }: Readonly<Record<string, unknown>>): fc.Arbitrary<string> {
  if (typeof pattern === "string") return fc.stringMatching(new RegExp(pattern));
  if (format === "date-time") {
    const [min, max] = [new Date("2020-01-01T00:00:00Z"), new Date("2040-01-01T00:00:00Z")];
    return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
  }
  return fc.string({ minLength: 1, maxLength: 60 });
}

function ofObject(
  document: ApiDocument,
  schema: Readonly<Record<string, unknown>>,
): fc.Arbitrary<unknown> {
  const additional = schema["additionalProperties"];
  if (typeof additional === "object") {
    return fc.dictionary(fc.string({ minLength: 1 }), arbitraryOf(document, additional), {
      maxKeys: 4,
      noNullPrototype: true,
    });
  }
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, unknown>>;
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, arbitraryOf(document, field)]),
  );
  const requiredKeys = [schema["required"]].flat().filter((key) => key !== undefined) as string[];
  return fc.tuple(
    fc.record(fields, { requiredKeys, noNullPrototype: true }),
    fc.option(fc.record({ something_new: fc.jsonValue() }, { noNullPrototype: true })),
  ).map(([known, extra]) => ({ ...extra, ...known }));
}
