/**
 * Creating objects.
 *
 * @module
 */

import { type ApiObject, withMetadata } from "../api_object.ts";
import { alreadyExists, ApiError, forbidden, notFound } from "../api_error.ts";
import type { Core, ResourceCall } from "../core.ts";
import { admitWrite } from "../admission/admit.ts";
import { trackCreate } from "../apply/track.ts";
import { conform } from "./conform.ts";
import { assertValid, isDryRun, toWriteContext } from "./context.ts";
import { setIn } from "../json.ts";
import { makeOnce } from "./rehearsal.ts";
import { createUid, generateName, stampNew } from "./system_fields.ts";

/** How often a generated name may collide before the client hears of it. */
const nameAttempts = 8;

/** Creates an object. @returns It, as stored. @throws {ApiError} 400, 403, 404, 409 or 422. */
export function createObject(core: Core, call: ResourceCall, body: ApiObject): ApiObject {
  if (body.metadata.resourceVersion) {
    // The real server gives no reason here.
    throw new ApiError(
      500,
      "",
      "resourceVersion should not be set on objects to be created",
    );
  }
  return createNamed(core, call, conform(call, withName(core, call, body)));
}

/**
 * Creates an object that has its name, is pruned and defaulted.
 *
 * @param tracked Whether its field ownership is already written (server-side apply).
 * @throws {ApiError} 403, 404, 409 or 422.
 */
export function createNamed(
  core: Core,
  call: ResourceCall,
  object: ApiObject,
  tracked = false,
): ApiObject {
  const { definition } = call;
  const context = toWriteContext(core, call);
  assertNamespace(core, call, object);
  // Ownership comes before what the server itself adds, which nobody owns.
  const owned = tracked ? object : trackCreate(call, object, context.nowMs);
  const prepared = definition.strategy.prepareForCreate?.(owned, context) ??
    (definition.custom ? dropStatus(call, owned) : owned);
  const admitted = admitWrite(core, call, prepared, undefined);
  const stamped = stampNew(definition, admitted, {
    nowMs: context.nowMs,
    uid: makeOnce(call, "uid", () => createUid(core.random)),
  });
  assertValid(core, call, stamped, undefined, context);
  const { namespace = "", name } = stamped.metadata;
  if (core.store.get(definition.storageKey, namespace, name)) throw alreadyExists(definition, name);
  return isDryRun(call) ? stamped : core.store.put(definition.storageKey, stamped);
}

/** The status of a custom object is written through its subresource alone. */
function dropStatus({ definition }: ResourceCall, object: ApiObject): ApiObject {
  if (!definition.subresources.some(({ name }) => name === "status")) return object;
  return setIn(object, ["status"], undefined);
}

function withName(core: Core, call: ResourceCall, body: ApiObject): ApiObject {
  const { name, generateName: prefix, namespace = "" } = body.metadata;
  if (name !== "" || typeof prefix !== "string" || prefix === "") return body;
  const generated = makeOnce(call, "name", () => freeName(core, call, namespace, prefix));
  return withMetadata(body, { name: generated });
}

function freeName(core: Core, call: ResourceCall, namespace: string, prefix: string): string {
  let generated = generateName(core.random, prefix);
  for (let attempt = 1; attempt < nameAttempts; attempt++) {
    if (!core.store.get(call.definition.storageKey, namespace, generated)) break;
    generated = generateName(core.random, prefix);
  }
  return generated;
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
