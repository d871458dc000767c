/**
 * Admission: what may change or refuse a write after authorization.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Core, ResourceCall } from "../core.ts";

/**
 * Admits a write.
 *
 * @param next `undefined` for deletions.
 * @param previous `undefined` for creations.
 * @returns The object to write.
 * @throws {ApiError} 403.
 */
export function admit<T extends ApiObject | undefined>(
  _core: Core,
  _call: ResourceCall,
  next: T,
  _previous: ApiObject | undefined,
): T {
  return next;
}
