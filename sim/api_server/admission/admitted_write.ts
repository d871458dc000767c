/**
 * What admission looks at.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Core, ResourceCall } from "../core.ts";

/** One write on its way to the store. */
export interface AdmittedWrite {
  readonly core: Core;
  readonly call: ResourceCall;
  /** `undefined` for deletions. */
  readonly next: ApiObject | undefined;
  /** `undefined` for creations. */
  readonly previous: ApiObject | undefined;
}
