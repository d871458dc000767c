/**
 * What a CustomResourceDefinition object makes the server serve.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { qualify } from "../api_error.ts";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  getIn,
  isObject,
  type Json,
  type JsonObject,
} from "../json.ts";
import { refTo, type Schema } from "../schema/schema.ts";
import { plainStrategy, type Strategy } from "../strategies/strategy.ts";
import type { Column } from "../table/column.ts";
import { ageColumn, nameColumn } from "../table/common_columns.ts";
import { toAge } from "../table/human_duration.ts";
import { parseJsonPath } from "../table/json_path.ts";
import { allVerbs, type ResourceDefinition, type Subresource } from "./resource_definition.ts";

const objectMeta = refTo("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");

/** One definition per served version. The CRD was validated when it was written. */
export function toCustomResources(crd: ApiObject): readonly ResourceDefinition[] {
  const spec = asObject(crd.spec);
  const names = asObject(spec.names);
  const kind = asString(names.kind) ?? "";
  const plural = asString(names.plural) ?? "";
  const group = asString(spec.group) ?? "";
  return asArray(spec.versions).map(asObject).filter((version) => version.served === true)
    .map((version) => ({
      group,
      version: asString(version.name) ?? "",
      kind,
      plural,
      listKind: asString(names.listKind) ?? `${kind}List`,
      singular: asString(names.singular) ?? kind.toLowerCase(),
      namespaced: spec.scope === "Namespaced",
      shortNames: strings(names.shortNames),
      categories: strings(names.categories),
      verbs: allVerbs,
      subresources: toSubresources(version),
      storageKey: qualify({ group, plural }),
      custom: true,
      tracksGeneration: true,
      allowsUnconditionalUpdate: false,
      createsOnUpdate: false,
      schema: toObjectSchema(version),
      strategy: toStrategy(version),
      columns: toColumns(version),
    }));
}

function strings(value: Json | undefined): readonly string[] {
  return asArray(value).filter((item) => typeof item === "string");
}

function toSubresources(version: JsonObject): readonly Subresource[] {
  const { status } = asObject(version.subresources);
  return isObject(status) ? [{ name: "status", verbs: ["get", "patch", "update"] }] : [];
}

/** The structural schema, with the parts that every object has. */
function toObjectSchema(version: JsonObject): Schema {
  // The CRD's own schema was checked against JSONSchemaProps when it was written.
  const schema = asObject(getIn(version, "schema", "openAPIV3Schema")) as Schema;
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: objectMeta,
    },
  };
}

function toStrategy(version: JsonObject): Strategy {
  const paths = asArray(version.selectableFields).flatMap((field) => {
    const path = asString(asObject(field).jsonPath);
    return path === undefined ? [] : [path];
  });
  if (paths.length === 0) return plainStrategy;
  return {
    selectableFields: (object) =>
      Object.fromEntries(paths.map((path) => {
        const [value] = parseJsonPath(path)?.(object) ?? [];
        return [path.replace(/^\./, ""), value === undefined ? "" : String(value)];
      })),
  };
}

const columnTypes = ["string", "integer", "number", "boolean", "date"] as const;

function toColumns(version: JsonObject): readonly Column[] {
  const columns = asArray(version.additionalPrinterColumns).map(asObject).map(toColumn);
  return [nameColumn, ...(columns.length > 0 ? columns : [ageColumn])];
}

function toColumn(column: JsonObject): Column {
  const type = columnTypes.find((one) => one === column.type) ?? "string";
  const path = parseJsonPath(asString(column.jsonPath) ?? "");
  return {
    name: asString(column.name) ?? "",
    type,
    format: asString(column.format) ?? "",
    description: asString(column.description) ?? "",
    priority: asNumber(column.priority) ?? 0,
    cell: (object, nowMs) => toCell(path?.(object) ?? [], type, nowMs),
  };
}

/**
 * A cell of a custom column. As in k8s.io/apiextensions-apiserver `tableconvertor.go`: one result keeps
 * its type, of several the first is shown, none is null.
 */
function toCell(values: readonly Json[], type: Column["type"], nowMs: number): Json {
  const [first] = values;
  if (first === undefined || first === null) return null;
  switch (type) {
    case "date":
      return toAge(first, nowMs);
    case "string":
      return typeof first === "string" ? first : JSON.stringify(first);
    case "integer":
      return typeof first === "number" ? Math.trunc(first) : null;
    case "number":
      return typeof first === "number" ? first : null;
    case "boolean":
      return typeof first === "boolean" ? first : null;
  }
}
