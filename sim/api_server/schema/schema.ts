/**
 * OpenAPI v3 schemas with Kubernetes' extensions, of built-in and custom kinds alike.
 *
 * @module
 */

import type { Json } from "../json.ts";
import builtIn from "./built_in_schemas.json" with { type: "json" };

/** A rule of `x-kubernetes-validations`. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** The part of OpenAPI v3 that structural schemas may use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly title?: string;
  readonly nullable?: boolean;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "granular" | "atomic";
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[];
}

/** Every definition of the built-in kinds, by its OpenAPI name. */
export const builtInSchemas: Readonly<Record<string, Schema>> = builtIn as unknown as Readonly<
  Record<string, Schema>
>;

const refPrefix = "#/components/schemas/";

/** A reference to a built-in definition. */
export function refTo(definition: string): Schema {
  return { $ref: refPrefix + definition };
}

/** The name of the definition that a schema refers to, if it does. */
export function refName(schema: Schema): string | undefined {
  return schema.$ref?.slice(refPrefix.length);
}

/** Follows a schema's reference. Extensions beside the reference stay with the referring schema. */
export function resolve(schema: Schema): Schema {
  const name = refName(schema);
  return name === undefined ? schema : builtInSchemas[name] ?? {};
}

/** Whether a schema describes a map with arbitrary keys, and of what. */
export function mapValueSchema(schema: Schema): Schema | undefined {
  if (schema.properties) return undefined;
  const values = schema.additionalProperties;
  return typeof values === "object" ? values : values === true ? {} : undefined;
}

/** Whether unknown members are kept, not pruned. */
export function preservesUnknown(schema: Schema): boolean {
  return schema["x-kubernetes-preserve-unknown-fields"] === true ||
    schema.additionalProperties === true;
}
