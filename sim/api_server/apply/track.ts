/**
 * Field ownership of writes that are no applies.
 *
 * @module
 */

import {
  type ApiObject,
  type ManagedFieldsEntry,
  toTimestamp,
  withMetadata,
} from "../api_object.ts";
import type { ResourceCall } from "../core.ts";
import { compareObjects, mapComparison, writtenFields } from "./compare.ts";
import { emptyFieldSet, isEmptySet, unite } from "./field_set.ts";
import { decodeManagers, encodeManagers, managerKey, type Managers } from "./managers.ts";
import {
  managerOf,
  takeFields,
  withManager,
  withoutResetFields,
  withoutServerFields,
} from "./ownership.ts";

/** Update managers that are kept apart; older ones become one. */
const mostUpdateManagers = 10;
const ancientManager = "ancient-changes";

/** Records who made a new object. */
export function trackCreate(call: ResourceCall, object: ApiObject, nowMs: number): ApiObject {
  const blank = { kind: object.kind, apiVersion: object.apiVersion, metadata: {} };
  return track(call, { before: blank, next: object, managers: new Map(), nowMs });
}

/** Records who changed which fields. Objects that were never tracked stay so. */
export function trackUpdate(
  call: ResourceCall,
  next: ApiObject,
  previous: ApiObject,
  nowMs: number,
): ApiObject {
  const managers = startingManagers(call, next, previous);
  if (managers.size === 0) return withMetadata(next, { managedFields: undefined });
  return track(call, { before: previous, next, managers, nowMs });
}

/** Clients may edit or reset the entries; leaving them out changes nothing. */
function startingManagers(call: ResourceCall, next: ApiObject, previous: ApiObject): Managers {
  const given: readonly Partial<ManagedFieldsEntry>[] | undefined = next.metadata.managedFields;
  const own = previous.metadata.managedFields;
  if (call.info.subresource !== "" || given === undefined) return decodeManagers(own);
  if (given.length === 0 || (given.length === 1 && Object.keys(given[0] ?? {}).length === 0)) {
    return new Map();
  }
  return decodeManagers(next.metadata.managedFields);
}

interface Tracked {
  readonly before: Parameters<typeof compareObjects>[0];
  readonly next: ApiObject;
  readonly managers: Managers;
  readonly nowMs: number;
}

function track(call: ResourceCall, { before, next, managers, nowMs }: Tracked): ApiObject {
  const comparison = mapComparison(
    compareObjects(before, next, call.definition.schema),
    (set) => withoutResetFields(set, call),
  );
  const id = managerOf(call, "Update");
  const key = managerKey(id);
  const taken = takeFields(managers, comparison, "");
  const written = withoutServerFields(writtenFields(comparison));
  const owned = unite(taken.get(key)?.fields ?? emptyFieldSet, written);
  const time = isEmptySet(written) ? managers.get(key)?.time : toTimestamp(nowMs);
  const after = capUpdates(withManager(taken, { id, fields: owned, time }));
  return withMetadata(next, { managedFields: encodeManagers(after) });
}

/** Folds the oldest updates into one entry when there are too many. */
function capUpdates(managers: Managers): Managers {
  const updates = [...managers.values()].filter(({ id }) => id.operation === "Update");
  if (updates.length <= mostUpdateManagers) return managers;
  const oldest = updates.sort((left, right) => (left.time ?? "") < (right.time ?? "") ? -1 : 1)
    .slice(0, updates.length - mostUpdateManagers + 1);
  const kept = new Map([...managers].filter(([, manager]) => !oldest.includes(manager)));
  const [first] = oldest;
  if (!first) return managers;
  const id = { ...first.id, manager: ancientManager, subresource: undefined };
  const fields = oldest.reduce((all, one) => unite(all, one.fields), emptyFieldSet);
  const time = oldest.at(-1)?.time;
  kept.set(managerKey(id), { id, fields, time });
  return kept;
}
