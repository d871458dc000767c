/**
 * Patching objects.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { badRequest, unsupportedMediaType } from "../api_error.ts";
import { applyObject } from "../apply/apply.ts";
import type { Core, ResourceCall } from "../core.ts";
import { isObject, type Json } from "../json.ts";
import { conform } from "./conform.ts";
import { parseBody, toCallObject } from "./decode.ts";
import { applyJsonPatch } from "./json_patch.ts";
import { applyMergePatch } from "./merge_patch.ts";
import { applyStrategicMerge } from "./strategic_merge.ts";
import { getObject, writeOver } from "./update.ts";

const jsonPatch = "application/json-patch+json";
const mergePatch = "application/merge-patch+json";
const strategicMerge = "application/strategic-merge-patch+json";
const applyPatch = "application/apply-patch+yaml";

/** What a patch did. */
export interface Patched {
  readonly object: ApiObject;
  readonly created: boolean;
}

/** Patches the object that a call names. @throws {ApiError} 400, 403, 404, 409, 415 or 422. */
export async function patchObject(core: Core, call: ResourceCall): Promise<Patched> {
  const type = call.request.headers.get("Content-Type")?.split(";")[0]?.trim() ?? "";
  const accepted = call.definition.custom
    ? [jsonPatch, mergePatch, applyPatch]
    : [jsonPatch, mergePatch, strategicMerge, applyPatch];
  if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
  const patch = parseBody(type, await call.request.text());
  if (type === applyPatch) return applyObject(core, call, patch);
  const previous = getObject(core, call);
  const merged = mergeInto(previous, patch, type, call);
  if (!isObject(merged)) throw badRequest("the patched object must be an object");
  const next = toCallObject(call, merged);
  if (next.metadata.name !== previous.metadata.name) {
    throw badRequest("the name of the object cannot be patched");
  }
  return { object: writeOver(core, call, previous, conform(call, next)), created: false };
}

function mergeInto(previous: ApiObject, patch: Json, type: string, call: ResourceCall): Json {
  switch (type) {
    case jsonPatch:
      return applyJsonPatch(previous, patch);
    case strategicMerge:
      return applyStrategicMerge(previous, patch, call.definition.schema);
    default:
      return applyMergePatch(previous, patch);
  }
}
