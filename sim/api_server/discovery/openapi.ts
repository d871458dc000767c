/**
 * OpenAPI v3: what `kubectl explain` and kubectl's validation read.
 *
 * @module
 */

import { asObject, isArray, isObject, type Json, type JsonObject } from "../json.ts";
import type { Registry } from "../resources/registry.ts";
import type { ResourceDefinition } from "../resources/resource_definition.ts";
import { builtInSchemas, refName, refTo, type Schema } from "../schema/schema.ts";
import { toBase64 } from "../base64.ts";

function pathOf(group: string, version: string): string {
  return group ? `apis/${group}/${version}` : `api/${version}`;
}

/** The index: one document per group and version. */
export function openApiIndex(registry: Registry): JsonObject {
  const paths = new Map<string, JsonObject>();
  for (const { group, version } of registry.all()) {
    const path = pathOf(group, version);
    const hash = hashOf(registry, group, version);
    paths.set(path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` });
  }
  return { paths: Object.fromEntries(paths) };
}

/** A text that changes with a document's content: kubectl caches documents by it. */
function hashOf(registry: Registry, group: string, version: string): string {
  const shapes = registry.all().filter((one) => one.group === group && one.version === version)
    .map((one) => [one.plural, one.custom ? one.schema : ""]);
  let hash = 5381;
  for (const char of JSON.stringify(shapes)) hash = (hash * 33 + (char.codePointAt(0) ?? 0)) >>> 0;
  return toBase64(String(hash)).replaceAll("=", "");
}

/** One group version's document, or `undefined` when it is not served. */
export function openApiDocument(registry: Registry, path: string): JsonObject | undefined {
  const resources = registry.all().filter((one) => pathOf(one.group, one.version) === path);
  if (resources.length === 0) return undefined;
  const schemas: Record<string, Json> = {};
  const paths: Record<string, Json> = {};
  for (const resource of resources) {
    const name = schemaName(resource);
    if (resource.custom) schemas[name] = { ...toDocument(resource), ...kindOf(resource) };
    collect(resource.custom ? resource.schema : refTo(name), schemas);
    Object.assign(paths, toPaths(resource, name));
  }
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.0" },
    paths,
    components: { schemas },
  };
}

function schemaName(resource: ResourceDefinition): string {
  const builtIn = refName(resource.schema);
  if (builtIn !== undefined) return builtIn;
  return `${resource.group.split(".").reverse().join(".")}.${resource.version}.${resource.kind}`;
}

function kindOf({ group, version, kind }: ResourceDefinition): JsonObject {
  return { "x-kubernetes-group-version-kind": [{ group, version, kind }] };
}

const standardTexts: Readonly<Record<string, string>> = {
  apiVersion:
    "APIVersion defines the versioned schema of this representation of an object. Servers" +
    " should convert recognized schemas to the latest internal value, and may reject unrecognized" +
    " values. More info:" +
    " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
  kind:
    "Kind is a string value representing the REST resource this object represents. Servers may" +
    " infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase." +
    " More info:" +
    " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
  metadata: "Standard object's metadata. More info:" +
    " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
};

/** A custom schema, with the words that the real server adds to the standard members. */
function toDocument({ schema }: ResourceDefinition): JsonObject {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const description = standardTexts[name];
    return [name, description === undefined ? property : describe(property, description)];
  });
  return toJson({ ...schema, properties: Object.fromEntries(properties) });
}

/** A reference cannot carry a description beside it in OpenAPI 3.0; wrapped in `allOf` it can. */
function describe(property: Schema, description: string): Schema {
  return property.$ref
    ? { description, allOf: [{ $ref: property.$ref }] }
    : { ...property, description };
}

/** Schemas are plain JSON already; this says so to the compiler. */
function toJson(schema: Schema): JsonObject {
  return asObject(schema);
}

/** Adds every definition that a schema refers to. */
function collect(schema: Json | Schema | undefined, into: Record<string, Json>): void {
  if (isArray(schema)) return schema.forEach((one) => collect(one, into));
  if (!isObject(schema)) return;
  // A map of properties may have one that is called $ref.
  const name = typeof schema.$ref === "string" ? refName({ $ref: schema.$ref }) : undefined;
  if (name !== undefined && !(name in into)) {
    const definition = toJson(builtInSchemas[name] ?? {});
    into[name] = definition;
    collect(definition, into);
  }
  for (const [key, member] of Object.entries(schema)) if (key !== "$ref") collect(member, into);
}

function toPaths(resource: ResourceDefinition, name: string): JsonObject {
  const { group, version, kind, plural, namespaced } = resource;
  const base = `/${pathOf(group, version)}/${namespaced ? "namespaces/{namespace}/" : ""}${plural}`;
  const operation = (action: string, parameters: readonly string[]): JsonObject => ({
    operationId: `${action}${kind}`,
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind },
    parameters: parameters.map((one) => ({ name: one, in: "query", schema: { type: "string" } })),
    responses: {
      "200": {
        description: "OK",
        content: { "application/json": { schema: { $ref: refTo(name).$ref } } },
      },
    },
  });
  const write = ["dryRun", "fieldManager", "fieldValidation"];
  const types = [
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
  ];
  if (!resource.custom) types.push("application/strategic-merge-patch+json");
  const patchBody = { content: Object.fromEntries(types.map((type) => [type, { schema: {} }])) };
  return {
    [base]: {
      get: operation("list", ["labelSelector", "fieldSelector", "limit", "continue", "watch"]),
      post: operation("post", write),
    },
    [`${base}/{name}`]: {
      get: operation("get", []),
      put: operation("put", write),
      patch: { ...operation("patch", [...write, "force"]), requestBody: patchBody },
      delete: operation("delete", ["dryRun", "gracePeriodSeconds", "propagationPolicy"]),
    },
  };
}
