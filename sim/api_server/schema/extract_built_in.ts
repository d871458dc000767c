/**
 * Makes `built_in_schemas.json` from the OpenAPI v3 documents of a Kubernetes release.
 *
 *     deno run -R -W sim/api_server/schema/extract_built_in.ts <kubernetes>/api/openapi-spec/v3
 *
 * The folder is part of the module k8s.io/kubernetes (v1.36.0, Apache-2.0, taken 2026-11-24). Kept are
 * the kinds this server serves and what they refer to; descriptions are dropped for size.
 *
 * @module
 */

import { builtInResources } from "../resources/built_in_resources.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json.ts";

const alsoKept = [
  "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
  "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
  "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
];

/** Drops descriptions and enumerations, and folds `{allOf: [{$ref}], …}` into `{$ref, …}`. */
function simplify(value: Json, isProperties = false): Json {
  if (isArray(value)) return value.map((item) => simplify(item));
  if (!isObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || (key === "description" && !isProperties)) continue;
    // Published by some servers only, and checked by none of this server's code.
    if ((key === "enum" && !isProperties) || key === "x-kubernetes-unions") continue;
    const only = key === "allOf" && isArray(member) && member.length === 1 ? member[0] : undefined;
    if (isObject(only) && typeof only.$ref === "string") result.$ref = only.$ref;
    else result[key] = simplify(member, key === "properties" && !isProperties);
  }
  return result;
}

/** Says of types that are any JSON (`RawExtension`, `FieldsV1`, `JSON`) that they keep what they hold. */
function markOpaque(definition: Json): Json {
  if (!isObject(definition)) return definition;
  const { type, properties, additionalProperties } = definition;
  const open = (type === undefined || type === "object") && !properties && !additionalProperties;
  return open && !definition.oneOf && !definition.$ref
    ? { ...definition, "x-kubernetes-preserve-unknown-fields": true }
    : definition;
}

function refsIn(value: Json | undefined): string[] {
  if (isArray(value)) return value.flatMap(refsIn);
  if (!isObject(value)) return [];
  const own = typeof value.$ref === "string"
    ? [value.$ref.slice("#/components/schemas/".length)]
    : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}

function readDefinitions(folder: string): JsonObject {
  const definitions: Record<string, Json> = {};
  const versions = new Set(
    builtInResources.map(({ group, version }) =>
      group ? `apis__${group}__${version}` : `api__${version}`
    ),
  );
  for (const version of versions) {
    const text = Deno.readTextFileSync(`${folder}/${version}_openapi.json`);
    Object.assign(definitions, JSON.parse(text).components.schemas);
  }
  return definitions;
}

/** The definitions that the served kinds need, by name. */
export function extractBuiltIn(all: JsonObject): JsonObject {
  const kinds = new Set(
    builtInResources.map(({ group, version, kind }) => `${group}/${version}/${kind}`),
  );
  const wanted = Object.entries(all).filter(([, definition]) => {
    const names = isObject(definition) ? definition["x-kubernetes-group-version-kind"] : undefined;
    const name = isArray(names) && names.length === 1 ? names[0] : undefined;
    return isObject(name) && kinds.has(`${name.group}/${name.version}/${name.kind}`);
  }).map(([name]) => name);
  const kept: Record<string, Json> = {};
  for (const queue = [...wanted, ...alsoKept]; queue.length > 0;) {
    const name = queue.pop();
    if (name === undefined || name in kept) continue;
    kept[name] = markOpaque(simplify(all[name] ?? {}));
    queue.push(...refsIn(kept[name]));
  }
  return kept;
}

if (import.meta.main) {
  const kept = extractBuiltIn(readDefinitions(Deno.args[0] ?? "."));
  const lines = Object.keys(kept).sort().map((name) =>
    `${JSON.stringify(name)}: ${JSON.stringify(kept[name])}`
  );
  const target = new URL("./built_in_schemas.json", import.meta.url);
  Deno.writeTextFileSync(target, `{\n${lines.join(",\n")}\n}\n`);
}
