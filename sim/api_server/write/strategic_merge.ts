/**
 * Strategic merge patch: like a merge patch, but lists with a merge key are merged by it.
 *
 * Follows k8s.io/apimachinery `pkg/util/strategicpatch/patch.go`, v0.36.0.
 *
 * @module
 */

import { badRequest } from "../api_error.ts";
import { asArray, asString, isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { ownProperty } from "../schema/prune.ts";
import { mapValueSchema, resolve, type Schema } from "../schema/schema.ts";
import { identityOf, orderElements } from "./element_order.ts";

const directive = "$patch";
const retainKeys = "$retainKeys";
const deletePrefix = "$deleteFromPrimitiveList/";
const orderPrefix = "$setElementOrder/";

/** Applies a patch to a value of a schema. @throws {ApiError} 400 for directives that make no sense. */
export function applyStrategicMerge(target: Json | undefined, patch: Json, schema: Schema): Json {
  if (!isObject(patch)) return patch;
  return mergeObject(isObject(target) ? target : {}, patch, schema);
}

function mergeObject(target: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
  const { [directive]: action, [retainKeys]: retained, ...members } = patch;
  if (action === "replace") return members;
  if (action === "delete") return {};
  if (action !== undefined && action !== "merge") {
    throw badRequest(`Unknown patch type found: ${action}`);
  }
  const result: Record<string, Json | undefined> = { ...target };
  if (retained !== undefined) {
    const kept = new Set(asArray(retained));
    for (const key of Object.keys(result)) if (!kept.has(key)) delete result[key];
  }
  for (const key of memberKeys(members)) {
    const value = mergeMember(result[key], key, members, memberSchema(schema, key));
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}

/** The members that a patch speaks of, directly or by a directive about a list. */
function memberKeys(patch: JsonObject): ReadonlySet<string> {
  const keys = Object.keys(patch).map((key) => {
    if (key.startsWith(deletePrefix)) return key.slice(deletePrefix.length);
    return key.startsWith(orderPrefix) ? key.slice(orderPrefix.length) : key;
  });
  return new Set(keys);
}

function memberSchema(schema: Schema, key: string): Schema {
  const resolved = resolve(schema);
  return ownProperty(resolved.properties, key) ?? mapValueSchema(resolved) ?? {};
}

function mergeMember(
  current: Json | undefined,
  key: string,
  patch: JsonObject,
  schema: Schema,
): Json | undefined {
  const value = patch[key];
  if (value === null) return undefined;
  const strategy = schema["x-kubernetes-patch-strategy"] ?? "";
  const merges = strategy.split(",").includes("merge");
  const order = patch[orderPrefix + key];
  const deleted = patch[deletePrefix + key];
  if (merges && (isArray(value) || order !== undefined || deleted !== undefined)) {
    return mergeList(asArray(current), {
      items: asArray(value),
      order: order === undefined ? undefined : asArray(order),
      deleted: asArray(deleted),
      schema,
    });
  }
  if (value === undefined) return current;
  if (isObject(value)) {
    const base = isObject(current) && !strategy.split(",").includes("replace") ? current : {};
    return mergeObject(base, value, schema);
  }
  return value;
}

interface ListPatch {
  readonly items: readonly Json[];
  readonly order: readonly Json[] | undefined;
  readonly deleted: readonly Json[];
  readonly schema: Schema;
}

function mergeList(current: readonly Json[], patch: ListPatch): readonly Json[] {
  const mergeKey = patch.schema["x-kubernetes-patch-merge-key"];
  const merged = mergeKey === undefined
    ? mergeScalars(current, patch)
    : mergeKeyed(current, patch, mergeKey);
  const wanted = patch.order ??
    patch.items.filter((item) => !isObject(item) || item[directive] === undefined);
  return orderElements(merged, { wanted, server: current, mergeKey });
}

function mergeScalars(current: readonly Json[], { items, deleted }: ListPatch): readonly Json[] {
  const gone = new Set(deleted.map((item) => identityOf(item, undefined)));
  const seen = new Set<string>();
  return [...current, ...items].filter((item) => {
    const identity = identityOf(item, undefined);
    if (gone.has(identity) || seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

function mergeKeyed(
  current: readonly Json[],
  { items, schema }: ListPatch,
  mergeKey: string,
): readonly Json[] {
  const patches = items.filter(isObject);
  if (patches.some((item) => item[directive] === "replace")) {
    return patches.filter((item) => item[directive] === undefined);
  }
  const itemSchema = resolve(schema).items ?? {};
  let merged = [...current];
  for (const item of patches) {
    if (item[mergeKey] === undefined) {
      throw badRequest(
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`,
      );
    }
    const identity = identityOf(item, mergeKey);
    const same = (one: Json) => identityOf(one, mergeKey) === identity;
    if (asString(item[directive]) === "delete") {
      merged = merged.filter((one) => !same(one));
      continue;
    }
    const index = merged.findIndex(same);
    const base = merged[index];
    const next = mergeObject(isObject(base) ? base : {}, item, itemSchema);
    if (index < 0) merged.push(next);
    else merged[index] = next;
  }
  return merged;
}
