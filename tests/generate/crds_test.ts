import assert from "node:assert/strict";
import { generateCrds, toRootSchema } from "../../generate/crds.ts";
import type { StructuralSchema } from "../../generate/structural_schema.ts";
import { resourceDefinitions } from "../../schemas/definitions.ts";

Deno.test("generateCrds() gives the same text every time", () => {
  assert.deepEqual([...generateCrds()], [...generateCrds()]);
});

for (const definition of resourceDefinitions) {
  const { spec = {}, status = {} } = toRootSchema(definition).properties ?? {};

  Deno.test(`toRootSchema() describes every field of ${definition.kind}`, () => {
    for (const [path, field] of listFields({ properties: { spec, status } })) {
      assert.ok(field.description, `${path} has no description`);
    }
  });

  Deno.test(`toRootSchema() bounds every list, map and text of ${definition.kind}`, () => {
    for (const [path, field] of listFields({ properties: { spec, status } })) {
      for (const [where, value] of withValues(path, field)) {
        assert.ok(isBounded(value), `${where} has no upper bound`);
      }
    }
  });

  Deno.test(`the columns of ${definition.kind} read fields that exist`, () => {
    const root = toRootSchema(definition);
    for (const { name, jsonPath } of definition.columns) {
      if (jsonPath.startsWith(".metadata.")) continue;
      const path = jsonPath.replace(/\[\?.*\]/, "[]").replace("nvidia\\.com/gpu", "*");
      assert.ok(follow(root, path.slice(1).split(".")), `${name} reads ${jsonPath}`);
    }
  });
}

type Fields = Pick<StructuralSchema, "properties"> & { readonly items?: StructuralSchema };

/** Every named field, by path. */
function listFields(schema: Fields, prefix = ""): [string, StructuralSchema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}.${name}`;
    return [
      [path, field] satisfies [string, StructuralSchema],
      ...listFields(field, path),
      ...listFields(field.items ?? {}, `${path}[]`),
      ...listFields(field.additionalProperties ?? {}, `${path}[*]`),
    ];
  });
}

/** A field, and the values in it if it is a list or map. */
function withValues(path: string, field: StructuralSchema): [string, StructuralSchema][] {
  const values = field.items ?? field.additionalProperties;
  return values ? [[path, field], ...withValues(`${path}[]`, values)] : [[path, field]];
}

function isBounded(field: StructuralSchema): boolean {
  if (field.type === "array") return field.maxItems !== undefined;
  if (field.additionalProperties) return field.maxProperties !== undefined;
  if (field.type !== "string") return true;
  return field.maxLength !== undefined || field.enum !== undefined || field.format !== undefined;
}

function follow(
  schema: StructuralSchema | undefined,
  path: readonly string[],
): StructuralSchema | undefined {
  const [step, ...rest] = path;
  if (step === undefined || !schema) return schema;
  if (step === "*") return follow(schema.additionalProperties, rest);
  const field = schema.properties?.[step.replace("[]", "")];
  return follow(step.endsWith("[]") ? field?.items : field, rest);
}
