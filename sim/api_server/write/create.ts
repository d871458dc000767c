/**
 * Creating objects.
 *
 * @module
 */

import { type ApiObject, withMetadata } from "../api_object.ts";
import { alreadyExists, ApiError, forbidden, notFound } from "../api_error.ts";
import type { Core, ResourceCall } from "../core.ts";
import { admit } from "../admission/admit.ts";
import { trackCreate } from "../apply/track.ts";
import { conform } from "./conform.ts";
import { assertValid, isDryRun, toWriteContext } from "./context.ts";
import { createUid, generateName, stampNew } from "./system_fields.ts";

/** How often a generated name may collide before the client hears of it. */
const nameAttempts = 8;

/** Creates an object. @returns It, as stored. @throws {ApiError} 400, 403, 404, 409 or 422. */
export function createObject(core: Core, call: ResourceCall, body: ApiObject): ApiObject {
  const { definition } = call;
  if (body.metadata.resourceVersion) {
    throw new ApiError(
      500,
      "InternalError",
      "resourceVersion should not be set on objects to be created",
    );
  }
  const context = toWriteContext(core, call);
  const named = withName(core, call, body);
  assertNamespace(core, call, named);
  const conformed = conform(call, named);
  const prepared = definition.strategy.prepareForCreate?.(conformed, context) ??
    (definition.custom ? dropStatus(call, conformed) : conformed);
  const admitted = admit(core, call, prepared, undefined);
  const stamped = stampNew(definition, admitted, {
    nowMs: context.nowMs,
    uid: createUid(core.random),
  });
  const tracked = trackCreate(call, stamped, context.nowMs);
  assertValid(call, tracked, undefined, context);
  const { namespace = "", name } = tracked.metadata;
  if (core.store.get(definition.storageKey, namespace, name)) throw alreadyExists(definition, name);
  return isDryRun(call) ? tracked : core.store.put(definition.storageKey, tracked);
}

/** The status of a custom object is written through its subresource alone. */
function dropStatus({ definition }: ResourceCall, object: ApiObject): ApiObject {
  if (!definition.subresources.some(({ name }) => name === "status")) return object;
  const { status: _status, ...rest } = object;
  return rest as ApiObject;
}

function withName(core: Core, call: ResourceCall, body: ApiObject): ApiObject {
  const { name, generateName: prefix, namespace = "" } = body.metadata;
  if (name !== "" || typeof prefix !== "string" || prefix === "") return body;
  let generated = generateName(core.random, prefix);
  for (let attempt = 1; attempt < nameAttempts; attempt++) {
    if (!core.store.get(call.definition.storageKey, namespace, generated)) break;
    generated = generateName(core.random, prefix);
  }
  return withMetadata(body, { name: generated });
}

/** Nothing is created in a namespace that is missing or ending. */
function assertNamespace(core: Core, { definition, namespace }: ResourceCall, object: ApiObject) {
  if (!definition.namespaced) return;
  const found = core.store.get("namespaces", "", namespace);
  if (!found) throw notFound({ group: "", plural: "namespaces" }, namespace);
  if (found.metadata.deletionTimestamp) {
    const why =
      `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw forbidden(definition, object.metadata.name, why);
  }
}
