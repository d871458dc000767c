/**
 * Deleting objects.
 *
 * @module
 */

import { type ApiObject, toTimestamp, withMetadata } from "../api_object.ts";
import { badRequest, conflict } from "../api_error.ts";
import { admitDeletion } from "../admission/admit.ts";
import type { Core, ResourceCall } from "../core.ts";
import { asArray, asNumber, asObject, asString, type JsonObject } from "../json.ts";
import { isDryRun, toWriteContext } from "./context.ts";

/** The finalizers that garbage collection takes off. */
const foreground = "foregroundDeletion";
const orphan = "orphan";

/** `DeleteOptions`, from body or query. */
export interface DeleteOptions {
  readonly gracePeriodSeconds: number | undefined;
  readonly propagation: string | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  /** Whether nothing is to happen. A body counts alone, as for every other option. */
  readonly dryRun: boolean;
}

/** What a deletion did. */
export interface Deletion {
  readonly object: ApiObject;
  /** Whether the object is gone, not just marked. */
  readonly gone: boolean;
}

/** Reads `DeleteOptions`. @throws {ApiError} 400 for a policy that is none. */
export function parseDeleteOptions(body: JsonObject, query: URLSearchParams): DeleteOptions {
  const preconditions = asObject(body.preconditions);
  const grace = query.get("gracePeriodSeconds");
  const propagation = asString(body.propagationPolicy) ??
    query.get("propagationPolicy") ??
    (body.orphanDependents === true ? "Orphan" : undefined);
  if (propagation && !["Orphan", "Background", "Foreground"].includes(propagation)) {
    throw badRequest(`invalid propagation policy: ${propagation}`);
  }
  return {
    gracePeriodSeconds: asNumber(body.gracePeriodSeconds) ??
      (grace === null ? undefined : Number(grace)),
    propagation,
    uid: asString(preconditions.uid),
    resourceVersion: asString(preconditions.resourceVersion),
    dryRun: asArray(body.dryRun).includes("All"),
  };
}

/** Deletes an object, or marks it when something must happen first. @throws {ApiError} 403 or 409. */
export function deleteObject(
  core: Core,
  call: ResourceCall,
  object: ApiObject,
  options: DeleteOptions,
): Deletion {
  const { definition } = call;
  assertPreconditions(call, object, options);
  admitDeletion(core, call, object);
  const nowMs = toWriteContext(core, call).nowMs;
  const graceSeconds = definition.strategy.gracePeriodSeconds?.(
    object,
    options.gracePeriodSeconds,
  ) ?? 0;
  const finalized = withPropagation(object, options.propagation);
  const marked = mark(definition.strategy.prepareForDelete?.(finalized) ?? finalized, {
    nowMs,
    graceSeconds,
    counts: definition.tracksGeneration,
  });
  const held = graceSeconds > 0 || (marked.metadata.finalizers ?? []).length > 0 ||
    definition.kind === "Namespace";
  if (options.dryRun || isDryRun(call)) return { object: marked, gone: !held };
  if (held) {
    const unchanged = marked === object;
    return {
      object: unchanged ? object : core.store.put(definition.storageKey, marked),
      gone: false,
    };
  }
  return { object: core.store.remove(definition.storageKey, object), gone: true };
}

function assertPreconditions(
  { definition }: ResourceCall,
  { metadata }: ApiObject,
  { uid, resourceVersion }: DeleteOptions,
): void {
  if (uid !== undefined && uid !== metadata.uid) {
    const why =
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
    throw conflict(definition, metadata.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = "Precondition failed: ResourceVersion in precondition: " +
      `${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(definition, metadata.name, why);
  }
}

function withPropagation(object: ApiObject, propagation: string | undefined): ApiObject {
  const added = propagation === "Foreground" ? foreground : propagation === "Orphan" ? orphan : "";
  const before = object.metadata.finalizers ?? [];
  const kept = propagation === undefined
    ? before
    : before.filter((one) => one !== foreground && one !== orphan);
  const finalizers = added === "" ? kept : [...kept, added];
  const same = finalizers.length === before.length &&
    finalizers.every((one, index) => one === before[index]);
  if (same) return object;
  return withMetadata(object, { finalizers: finalizers.length > 0 ? finalizers : undefined });
}

/** Sets the deletion's time; a second deletion may only bring it forward. */
function mark(
  object: ApiObject,
  how: { readonly nowMs: number; readonly graceSeconds: number; readonly counts: boolean },
): ApiObject {
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = object.metadata;
  if (deletionTimestamp && how.graceSeconds >= (deletionGracePeriodSeconds ?? 0)) return object;
  return withMetadata(object, {
    deletionTimestamp: toTimestamp(how.nowMs + how.graceSeconds * 1000),
    deletionGracePeriodSeconds: how.graceSeconds,
    generation: how.counts && !deletionTimestamp && generation ? generation + 1 : generation,
  });
}
