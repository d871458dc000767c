/**
 * Server-side apply.
 *
 * Follows sigs.k8s.io/structured-merge-diff v6 `merge/update.go` and k8s.io/apimachinery
 * `pkg/util/managedfields/internal`, v0.36.0.
 *
 * @module
 */

import { type ApiObject, toTimestamp, withMetadata } from "../api_object.ts";
import { ApiError, badRequest, invalid } from "../api_error.ts";
import type { Core, ResourceCall } from "../core.ts";
import { asObject, equalJson, isObject, type Json, type JsonObject } from "../json.ts";
import { isTrue } from "../request_info.ts";
import { prune } from "../schema/prune.ts";
import type { Schema } from "../schema/schema.ts";
import { complete, handleUnknown } from "../write/conform.ts";
import { createNamed } from "../write/create.ts";
import { toCallObject } from "../write/decode.ts";
import { writeOver } from "../write/update.ts";
import { compareObjects, mapComparison } from "./compare.ts";
import { conflictError } from "./conflict.ts";
import { emptyFieldSet, type FieldSet, intersect, subtract, unite } from "./field_set.ts";
import { allowedByLastApplied, updateLastApplied } from "./last_applied.ts";
import {
  decodeManagers,
  encodeManagers,
  type ManagerId,
  managerKey,
  type Managers,
} from "./managers.ts";
import { mergeConfig } from "./merge.ts";
import { removeFields, statedFields, withNamedMembers } from "./owned_fields.ts";
import {
  findConflicts,
  managerOf,
  takeFields,
  withManager,
  withoutResetFields,
  withoutServerFields,
} from "./ownership.ts";

/** What an apply did. */
export interface Applied {
  readonly object: ApiObject;
  readonly created: boolean;
}

/** Applies a configuration. @throws {ApiError} 400, 403, 409 (naming the fields) or 422. */
export function applyObject(core: Core, call: ResourceCall, patch: Json): Applied {
  const config = readConfig(call, patch);
  const { definition, namespace, info } = call;
  const live = core.store.get(definition.storageKey, namespace, info.name);
  const nowMs = core.clock.now();
  if (live) {
    const applied = mergeInto(call, live, config, nowMs);
    const next = complete(definition, applied);
    return { object: writeOver(core, call, live, next, true), created: false };
  }
  if (info.subresource !== "") {
    throw new ApiError(404, "NotFound", `${definition.plural} "${info.name}" not found`);
  }
  const blank: ApiObject = {
    kind: config.kind,
    apiVersion: config.apiVersion,
    metadata: { name: info.name, ...(namespace ? { namespace } : {}) },
  };
  const applied = mergeInto(call, blank, config, nowMs);
  return { object: createNamed(core, call, complete(definition, applied), true), created: true };
}

function readConfig(call: ResourceCall, patch: Json): ApiObject {
  if (!isObject(patch)) throw badRequest("an applied configuration must be an object");
  if (!call.info.query.get("fieldManager")) {
    throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [{
      reason: "FieldValueRequired",
      field: "fieldManager",
      message: "Required value: is required for apply patch",
    }]);
  }
  const stated = asObject(patch.metadata);
  if (stated.managedFields !== undefined && stated.managedFields !== null) {
    throw badRequest("metadata.managedFields must be nil");
  }
  if (stated.name !== undefined && stated.name !== call.info.name) {
    throw badRequest(
      `the name of the object (${stated.name}) does not match the name on the URL (${call.info.name})`,
    );
  }
  const object = toCallObject(call, {
    ...patch,
    metadata: { ...stated, name: call.info.name },
  });
  const unknown: string[] = [];
  const pruned = prune(object, call.definition.schema, unknown);
  handleUnknown(call, unknown);
  // Pruning keeps kind, apiVersion and metadata.
  return pruned as ApiObject;
}

/** The live object with the configuration in it, and its field ownership. */
function mergeInto(
  call: ResourceCall,
  live: ApiObject,
  config: ApiObject,
  nowMs: number,
): ApiObject {
  const { schema } = call.definition;
  const id = managerOf(call, "Apply");
  const before = decodeManagers(live.metadata.managedFields);
  const self = managerKey(id);
  const stated = withoutResetFields(statedFields(config, schema), call);
  const claimed = withManager(before, { id, fields: stated, time: before.get(self)?.time });
  const merged = toObject(mergeConfig(untracked(live), untracked(config), schema) ?? {});
  const last = before.get(self)?.fields;
  const next = last ? dropAbandoned(merged, { last, managers: claimed, schema }) : merged;
  const comparison = mapComparison(
    compareObjects(untracked(live), next, schema),
    (set) => withoutResetFields(set, call),
  );
  refuseConflicts(call, live, findConflicts(claimed, comparison, self), id);
  const owners = takeFields(claimed, comparison, self);
  const changed = !equalJson(next, untracked(live));
  const time = changed ? toTimestamp(nowMs) : before.get(self)?.time;
  const own = withoutServerFields(owners.get(self)?.fields ?? emptyFieldSet);
  const managers = withManager(owners, { id, fields: own, time });
  const owned = withOwners(next, managers);
  return id.manager === "kubectl" ? updateLastApplied(owned, config) : owned;
}

function refuseConflicts(
  call: ResourceCall,
  live: ApiObject,
  conflicts: ReturnType<typeof findConflicts>,
  id: ManagerId,
): void {
  if (conflicts.length === 0 || isTrue(call.info.query.get("force"))) return;
  const left = id.manager === "kubectl"
    ? conflicts.filter((one) => !allowedByLastApplied(call, live, one.path))
    : conflicts;
  if (left.length > 0) throw conflictError(left);
}

/**
 * Removes what this manager applied last time, does not apply now, and nobody else owns.
 */
function dropAbandoned(
  merged: JsonObject,
  { last, managers, schema }: {
    readonly last: FieldSet;
    readonly managers: Managers;
    readonly schema: Schema;
  },
): JsonObject {
  const named = (set: FieldSet) => withNamedMembers(set, schema);
  const all = named(statedFields(merged, schema));
  const owned = [...managers.values()].reduce((sum, one) => unite(sum, one.fields), emptyFieldSet);
  const pruned = removeFields(merged, named(last), schema);
  // Back comes what others own …
  const kept = unite(named(statedFields(pruned, schema)), named(owned));
  const withOwned = removeFields(merged, subtract(all, kept), schema);
  // … and what was never this manager's.
  const gone = subtract(all, named(statedFields(withOwned, schema)));
  return toObject(removeFields(merged, intersect(gone, named(last)), schema));
}

function toObject(value: Json): JsonObject {
  return asObject(value);
}

/** An object without its field ownership, which is no part of what is merged. */
function untracked(object: ApiObject): JsonObject {
  return withMetadata(object, { managedFields: undefined });
}

function withOwners(object: JsonObject, managers: Managers): ApiObject {
  const entries = encodeManagers(managers);
  const metadata = { ...asObject(object.metadata), ...(entries ? { managedFields: entries } : {}) };
  // Merging keeps kind, apiVersion and the name.
  return { ...object, metadata } as unknown as ApiObject;
}
