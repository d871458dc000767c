/**
 * Field ownership of writes that are no applies.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { ResourceCall } from "../core.ts";

/** Records who made a new object. */
export function trackCreate(_call: ResourceCall, object: ApiObject, _nowMs: number): ApiObject {
  return object;
}

/** Records who changed which fields. */
export function trackUpdate(
  _call: ResourceCall,
  next: ApiObject,
  _previous: ApiObject,
  _nowMs: number,
): ApiObject {
  return next;
}
