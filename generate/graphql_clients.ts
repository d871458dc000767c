/**
 * Makes typed GraphQL documents in `generated/` from our schemas and operations in `schemas/vendors/`.
 *
 * @module
 */

import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as operations from "@graphql-codegen/typescript-operations";
import { buildSchema, parse, printSchema } from "graphql";

const root = new URL("../", import.meta.url);

/** Schema and operations in `schemas/vendors/` ↦ file in `generated/`. */
const documents = [{
  schema: "schemas/vendors/runpod.graphql",
  source: "schemas/vendors/runpod_operations.graphql",
  target: "generated/runpod_graphql.ts",
}, {
  schema: "schemas/vendors/runpod.graphql",
  source: "schemas/vendors/runpod_spot_operations.graphql",
  target: "generated/runpod_spot_graphql.ts",
}] as const;

/**
 * Every scalar by name: an unlisted one fails the generation instead of becoming `any`. `Void` is only
 * ever null.
 */
const scalars = Object.freeze({ DateTime: "string", ID: "string", Void: "null" });

/**
 * The contents of every generated file, by path relative to the repository.
 *
 * @throws {Error} If an operation does not fit its schema.
 */
export async function generateGraphqlClients(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { schema: schemaPath, source, target } of documents) {
    const schema = buildSchema(await read(schemaPath));
    const text = await codegen({
      schema: parse(printSchema(schema)),
      schemaAst: schema,
      documents: [{ location: source, document: parse(await read(source)) }],
      filename: target,
      config: { useTypeImports: true, enumsAsTypes: true, scalars, strictScalars: true },
      // Not the "typescript" plugin: the operations plugin writes inputs and enums by itself, and they
      // would be there twice.
      plugins: [{ operations: {} }, { typedDocumentNode: {} }],
      pluginMap: { operations, typedDocumentNode },
    });
    const header = `// Made from ${source} by "deno task generate"; do not edit.\n\n`;
    files.set(target, header + text);
  }
  return files;
}

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, root));
}
