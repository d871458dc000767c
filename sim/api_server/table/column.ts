/**
 * Columns of `kubectl get`.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Json } from "../json.ts";

/** One column: how it is announced, and its cell for an object. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description?: string;
  /** Columns above 0 are shown by `-o wide` only. @default {0} */
  readonly priority?: number;
  /** The cell; pure. `nowMs` is for ages. */
  readonly cell: (object: ApiObject, nowMs: number) => Json;
}
