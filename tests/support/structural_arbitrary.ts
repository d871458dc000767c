/**
 * Arbitrary values for a structural schema: mostly right, often slightly wrong.
 *
 * @module
 */

import fc from "fast-check";
import type { StructuralSchema } from "../../generate/structural_schema.ts";
import { createJudge } from "./structural_validator.ts";

/** Texts that the patterns of this project accept, nearly accept, or refuse. */
const texts = [
  ...["", "a", "A", "0", "-", "a-b", "a.b", "tgp.io/gpu-model", "two words", "a".repeat(64)],
  ...["5m", "1h30m", "1.5h", "90", "ms", "2.39", "0", "0.00", "0.000001", "-1", "1e3", "08", "1."],
  ...[
    "500m",
    "225Gi",
    "0Gi",
    ".5",
    "1e-3",
    "00",
    "1234567890",
    "host:6443",
    "[::1]:6443",
    "1.36.1",
  ],
  ...[
    "2026-01-01T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "True",
    "In",
    "Gt",
    "NoSchedule",
    "Zm9v",
    "Zm9",
  ],
  "5c2a6ad4-8b7f-4a5e-9d3c-0f1e2d3c4b5a",
] as const;

/** Values for a schema; about one scalar in forty is likely wrong, on purpose. */
export function arbitraryFor(schema: StructuralSchema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 80, arbitrary: fittingFor(schema) },
    { weight: 1, arbitrary: fc.constantFrom(null, -1, 0, 101, true, "", [], {}, "text") },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(...texts) },
  );
}

function fittingFor(schema: StructuralSchema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "integer":
      return fc.integer({ min: schema.minimum ?? -9, max: schema.maximum ?? 9 });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(arbitraryFor(schema.items ?? {}), { maxLength: 3 });
    case "object":
      return objectFor(schema);
    default:
      return scalarFor(schema);
  }
}

/** A text, or an integer or text. */
function scalarFor(schema: StructuralSchema): fc.Arbitrary<unknown> {
  const judge = createJudge(schema);
  const longest = "a".repeat(Math.min(schema.maxLength ?? 0, 400));
  return fc.constantFrom(
    ...[...texts, longest, 0, 1, 9].filter((value) => judge(value).faults.length === 0),
  );
}

function objectFor(schema: StructuralSchema): fc.Arbitrary<unknown> {
  if (schema.additionalProperties) {
    return fc.dictionary(
      fc.constantFrom("nvidia.com/gpu", "cpu", "a"),
      arbitraryFor(schema.additionalProperties),
      { maxKeys: 2 },
    );
  }
  const fields = Object.entries(schema.properties ?? {});
  return fc.record(
    Object.fromEntries(fields.map(([name, field]) => [name, arbitraryFor(field)])),
    { requiredKeys: [...schema.required ?? []] },
  );
}
