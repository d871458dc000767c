/**
 * Server-side apply.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { unsupportedMediaType } from "../api_error.ts";
import type { Core, ResourceCall } from "../core.ts";
import type { Json } from "../json.ts";

/** Applies a configuration. */
export function applyObject(
  _core: Core,
  _call: ResourceCall,
  _patch: Json,
): { readonly object: ApiObject; readonly created: boolean } {
  throw unsupportedMediaType([]);
}
