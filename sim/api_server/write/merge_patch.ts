/**
 * JSON Merge Patch (RFC 7386).
 *
 * @module
 */

import { isObject, type Json } from "../json.ts";

/** Applies a patch: null removes, objects merge, all else replaces. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json | undefined> = isObject(target) ? { ...target } : {};
  for (const [key, member] of Object.entries(patch)) {
    if (member === undefined) continue;
    if (member === null) delete result[key];
    else result[key] = applyMergePatch(result[key], member);
  }
  return result;
}
