/**
 * CEL rules of structural schemas (`x-kubernetes-validations`).
 *
 * @module
 */

import type { Cause } from "../api_error.ts";
import type { Json } from "../json.ts";
import type { Schema } from "./schema.ts";

/** Every rule that a value breaks. */
export function validateRules(_schema: Schema, _value: Json, _previous: Json | undefined): Cause[] {
  return [];
}
