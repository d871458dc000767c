/**
 * The annotation of client-side apply, and the way from it to server-side apply.
 *
 * Follows `lastappliedmanager.go` and `lastappliedupdater.go` of k8s.io/apimachinery
 * `pkg/util/managedfields/internal`, v0.36.0.
 *
 * @module
 */

import { type ApiObject, withMetadata } from "../api_object.ts";
import type { ResourceCall } from "../core.ts";
import { canonicalJson, isObject, type JsonObject } from "../json.ts";
import { compareObjects, writtenFields } from "./compare.ts";
import { hasPath, subtract, unite } from "./field_set.ts";
import { statedFields } from "./owned_fields.ts";

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

function readLastApplied(object: ApiObject): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(object.metadata.annotations?.[annotation] ?? "null");
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a field still is what client-side apply made it: kubectl may take it over. */
export function allowedByLastApplied(
  { definition }: ResourceCall,
  live: ApiObject,
  path: readonly string[],
): boolean {
  const last = readLastApplied(live);
  if (!last || last.apiVersion !== live.apiVersion) return false;
  const changes = compareObjects(last, live, definition.schema);
  const changed = unite(writtenFields(changes), changes.removed);
  return hasPath(subtract(statedFields(last, definition.schema), changed), path);
}

/** Keeps the annotation true, where there is one, so that client-side apply still works. */
export function updateLastApplied(object: ApiObject, config: ApiObject): ApiObject {
  if (!object.metadata.annotations?.[annotation]) return object;
  const { [annotation]: _own, ...stated } = config.metadata.annotations ?? {};
  const annotations = config.metadata.annotations === undefined ? undefined : stated;
  const text = `${canonicalJson(withMetadata(config, { annotations }))}\n`;
  return withMetadata(object, {
    annotations: { ...object.metadata.annotations, [annotation]: text },
  });
}
