import assert from "node:assert/strict";
import { generateCrds, toRootSchema } from "../../generate/crds.ts";
import type { StructuralSchema } from "../../generate/structural_schema.ts";
import { resourceDefinitions } from "../../schemas/definitions.ts";

Deno.test("generateCrds() gives the same text every time", () => {
  assert.deepEqual([...generateCrds("1.2.3")], [...generateCrds("1.2.3")]);
});

Deno.test("generateCrds() says of every kind which version of TGP brought it", () => {
  const files = [...generateCrds("1.2.3")].filter(([path]) => !path.endsWith("kustomization.yaml"));
  assert.equal(files.length, resourceDefinitions.length);
  for (const [, text] of files) assert.match(text, /^ {4}app\.kubernetes\.io\/version: 1\.2\.3$/m);
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

  Deno.test(`toRootSchema() says of every list of ${definition.kind} how it is merged`, () => {
    for (const [path, field] of listFields({ properties: { spec, status } })) {
      if (field.type === "array") assert.ok(field["x-kubernetes-list-type"], path);
    }
  });

  Deno.test(`toRootSchema() stores no default in ${definition.kind}: policy is applied in code`, () => {
    // Anything called so, at any depth: a default that was stored could never improve.
    JSON.stringify(toRootSchema(definition), (key, value) => {
      assert.notEqual(key, "default");
      return value;
    });
  });

  Deno.test(`toRootSchema() leaves rules out of the status of ${definition.kind}, but for those of zod`, () => {
    for (const [path, field] of listFields({ properties: { status } })) {
      for (const { rule } of field["x-kubernetes-validations"] ?? []) {
        assert.match(rule, /^(type\(self\) == int \? [^:]+: )?self\.matches\('/, path);
      }
    }
  });

  Deno.test(`the fields to select ${definition.kind} by exist, and are texts`, () => {
    for (const path of definition.selectableFields ?? []) {
      const field = follow(toRootSchema(definition), path.slice(1).split("."));
      assert.equal(field?.type, "string", path);
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
