/**
 * Replacing objects.
 *
 * @module
 */

import { type ApiObject, withMetadata } from "../api_object.ts";
import { badRequest, conflict, invalid, notFound } from "../api_error.ts";
import { admitWrite } from "../admission/admit.ts";
import { trackUpdate } from "../apply/track.ts";
import type { Core, ResourceCall } from "../core.ts";
import { asArray, asObject, equalJson, setIn } from "../json.ts";
import { hasStatus } from "../resources/resource_definition.ts";
import { conform } from "./conform.ts";
import { assertValid, isDryRun, toWriteContext } from "./context.ts";
import { stampUpdate } from "./system_fields.ts";

/** The object that a call names. @throws {ApiError} 404. */
export function getObject(core: Core, { definition, namespace, info }: ResourceCall): ApiObject {
  const object = core.store.get(definition.storageKey, namespace, info.name);
  if (!object) throw notFound(definition, info.name);
  return object;
}

/** Replaces an object by the body of a PUT. @throws {ApiError} 400, 403, 404, 409 or 422. */
export function updateObject(core: Core, call: ResourceCall, body: ApiObject): ApiObject {
  const { definition, info } = call;
  const previous = getObject(core, call);
  if (body.metadata.name !== info.name) {
    throw badRequest(
      `the name of the object (${body.metadata.name}) does not match the name on the URL (${info.name})`,
    );
  }
  if (!body.metadata.resourceVersion && !definition.allowsUnconditionalUpdate) {
    throw invalid(definition, info.name, [{
      reason: "FieldValueInvalid",
      message: "Invalid value: 0: must be specified for an update",
      field: "metadata.resourceVersion",
    }]);
  }
  return writeOver(core, call, previous, conform(call, body));
}

/**
 * Stores `next` in place of `previous`, if the optimistic lock in it holds.
 *
 * @param next Pruned and defaulted.
 * @param tracked Whether its field ownership is already written (server-side apply).
 * @throws {ApiError} 403, 409 or 422.
 */
export function writeOver(
  core: Core,
  call: ResourceCall,
  previous: ApiObject,
  next: ApiObject,
  tracked = false,
): ApiObject {
  const { definition } = call;
  assertSame(call, previous, next);
  const context = toWriteContext(core, call);
  // Ownership comes before what the server itself resets, which nobody owns.
  const owned = tracked ? next : trackUpdate(call, next, previous, context.nowMs);
  const isolated = isolate(call, owned, previous);
  const prepared = definition.strategy.prepareForUpdate?.(isolated, previous, context) ?? isolated;
  const admitted = admitWrite(core, call, prepared, previous);
  const final = stampUpdate(definition, admitted, previous);
  assertValid(core, call, final, previous, context);
  if (isDryRun(call)) return final;
  if (sameButForTimes(final, previous)) return previous;
  if (isReleased(final)) return core.store.remove(definition.storageKey, final);
  return core.store.put(definition.storageKey, final);
}

/** A deleted object goes when its last finalizer does, unless it still ends gracefully. */
function isReleased({ kind, metadata, spec }: ApiObject): boolean {
  // A namespace's own finalizers lie in its spec.
  if (kind === "Namespace" && asArray(asObject(spec).finalizers).length > 0) return false;
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0 &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

/** A write that changes nothing makes no revision; field ownership alone is no change but for who owns. */
function sameButForTimes(next: ApiObject, previous: ApiObject): boolean {
  const timeless = (object: ApiObject) =>
    withMetadata(object, {
      managedFields: object.metadata.managedFields?.map(({ time: _time, ...entry }) => entry),
    });
  return equalJson(timeless(next), timeless(previous));
}

function assertSame({ definition }: ResourceCall, previous: ApiObject, next: ApiObject): void {
  const { name, uid, resourceVersion } = previous.metadata;
  const asked = next.metadata;
  if (asked.uid && asked.uid !== uid) {
    const why =
      `Precondition failed: UID in precondition: ${asked.uid}, UID in object meta: ${uid}`;
    throw conflict(definition, name, why);
  }
  if (
    asked.resourceVersion && asked.resourceVersion !== "0" &&
    asked.resourceVersion !== resourceVersion
  ) {
    throw conflict(definition, name);
  }
}

/** Keeps what this path may not write: status on the object itself, all else on its status. */
function isolate(call: ResourceCall, next: ApiObject, previous: ApiObject): ApiObject {
  const { definition, info } = call;
  if (info.subresource === "") {
    return hasStatus(definition) ? withStatusOf(next, previous) : next;
  }
  if (info.subresource !== "status") return next;
  const wanted = withStatusOf(previous, next);
  // Custom objects keep all their metadata; built-in ones let status writers label and annotate.
  return definition.custom
    ? withMetadata(wanted, { managedFields: next.metadata.managedFields })
    : { ...wanted, metadata: { ...next.metadata, ...ownersOf(previous) } };
}

function ownersOf({ metadata }: ApiObject) {
  const { ownerReferences } = metadata;
  return ownerReferences ? { ownerReferences } : {};
}

function withStatusOf(object: ApiObject, source: ApiObject): ApiObject {
  return setIn(object, ["status"], source.status);
}
