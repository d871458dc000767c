/**
 * Makes the types of vendor APIs in `generated/` from our own documents in `schemas/vendors/`.
 *
 * @module
 */

import openapiTS, { astToString } from "openapi-typescript";

const root = new URL("../", import.meta.url);

/** Document in `schemas/vendors/` ↦ file in `generated/`. */
const documents = [
  { source: "schemas/vendors/lambda.openapi.yaml", target: "generated/lambda.d.ts" },
  { source: "schemas/vendors/paperspace.openapi.yaml", target: "generated/paperspace.d.ts" },
  { source: "schemas/vendors/runpod-rest.openapi.yaml", target: "generated/runpod_rest.d.ts" },
] as const;

/**
 * The contents of every generated file, by path relative to the repository.
 *
 * @throws {Error} If a document is not valid OpenAPI.
 */
export async function generateClients(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { source, target } of documents) {
    const nodes = await openapiTS(new URL(source, root), { alphabetize: true });
    const header = `// Made from ${source} by "deno task generate"; do not edit.\n\n`;
    files.set(target, header + astToString(nodes));
  }
  return files;
}
