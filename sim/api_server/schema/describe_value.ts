/**
 * Values as the API server's error messages quote them.
 *
 * Follows `field.Error.ErrorBody` in k8s.io/apimachinery `pkg/util/validation/field`, v0.36.0.
 *
 * @module
 */

import { isArray, isObject, type Json } from "../json.ts";

/** A value in an error message: strings quoted, structures as compact JSON. */
export function describeValue(value: Json): string {
  return JSON.stringify(value);
}

/** The OpenAPI type name of a value. */
export function typeOf(value: Json): string {
  if (value === null) return "null";
  if (isArray(value)) return "array";
  if (isObject(value)) return "object";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
