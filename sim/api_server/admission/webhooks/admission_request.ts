/**
 * What a webhook is told of a write: the `request` of an AdmissionReview.
 *
 * @module
 */

import type { ApiObject } from "../../api_object.ts";
import type { Core, ResourceCall } from "../../core.ts";
import type { JsonObject } from "../../json.ts";
import { apiVersionOf, type ResourceDefinition } from "../../resources/resource_definition.ts";
import { createUid } from "../../write/system_fields.ts";
import { operationOf, type ReviewedWrite } from "./match_webhook.ts";

/** Kinds of the options by operation. */
const optionKinds = {
  CREATE: "CreateOptions",
  UPDATE: "UpdateOptions",
  DELETE: "DeleteOptions",
} as const;

/** @param asked The resource in the version that the webhook wants to hear of. */
export function toAdmissionRequest(
  core: Core,
  call: ResourceCall,
  write: ReviewedWrite,
  asked: ResourceDefinition,
): JsonObject {
  const { definition, namespace, user, info } = call;
  const operation = operationOf(write);
  const object = write.next ?? write.previous;
  const subresource = info.subresource === "" ? {} : { subResource: info.subresource };
  const requestSubResource = info.subresource === ""
    ? {}
    : { requestSubResource: info.subresource };
  return {
    uid: createUid(core.random),
    kind: toKind(asked),
    resource: toResource(asked),
    ...subresource,
    requestKind: toKind(definition),
    requestResource: toResource(definition),
    ...requestSubResource,
    name: object?.metadata.name ?? info.name,
    ...(namespace === "" ? {} : { namespace }),
    operation,
    userInfo: { username: user.name, groups: user.groups },
    object: inVersion(write.next, asked),
    oldObject: inVersion(write.previous, asked),
    dryRun: info.query.getAll("dryRun").includes("All"),
    options: { kind: optionKinds[operation], apiVersion: "meta.k8s.io/v1" },
  };
}

function toKind({ group, version, kind }: ResourceDefinition): JsonObject {
  return { group, version, kind };
}

function toResource({ group, version, plural }: ResourceDefinition): JsonObject {
  return { group, version, resource: plural };
}

/** Versions of one kind differ in name only here. */
function inVersion(
  object: ApiObject | undefined,
  asked: ResourceDefinition,
): JsonObject | null {
  return object === undefined ? null : { ...object, apiVersion: apiVersionOf(asked) };
}
