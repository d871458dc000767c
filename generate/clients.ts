/**
 * Makes the types of vendor APIs in `generated/` from our own documents in `schemas/vendors/`.
 *
 * @module
 */

import openapiTS, { astToString } from "openapi-typescript";

const root = new URL("../", import.meta.url);

/**
 * The contents of every generated file, by path relative to the repository: one for each OpenAPI
 * document, `runpod-rest.openapi.yaml` giving `runpod_rest.d.ts`.
 *
 * @throws {Error} If a document is not valid OpenAPI.
 */
export async function generateClients(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const name of await listDocuments()) {
    const source = `schemas/vendors/${name}.openapi.yaml`;
    const nodes = await openapiTS(new URL(source, root), { alphabetize: true });
    const header = `// Made from ${source} by "deno task generate"; do not edit.\n\n`;
    files.set(`generated/${name.replaceAll("-", "_")}.d.ts`, header + astToString(nodes));
  }
  return files;
}

/** Names of our documents, sorted. */
async function listDocuments(): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL("schemas/vendors/", root)));
  return entries.flatMap(({ name }) => /^(.+)\.openapi\.yaml$/.exec(name)?.[1] ?? []).sort();
}
