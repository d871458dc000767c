/**
 * The part of OpenAPI that a CustomResourceDefinition may hold.
 *
 * @module
 */

import type { CelRule } from "../schemas/rules/cel.ts";

/** A structural schema: a type at every node, value checks beside it, nothing else. */
export interface StructuralSchema {
  readonly description?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** Only to say "integer or string". */
  readonly anyOf?: readonly { readonly type: "integer" | "string" }[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema;
  readonly items?: StructuralSchema;
  readonly "x-kubernetes-int-or-string"?: true;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic" | "granular";
  readonly "x-kubernetes-validations"?: readonly CelRule[];
}

/** A schema says something that a structural schema cannot. The message starts with the path. */
export class NotStructuralError extends Error {
  override name = "NotStructuralError";
  /** Where in the schema, for example `.spec.providers[].name`. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`Cannot write "${path || "."}" as a structural schema: ${problem}`);
    this.path = path;
  }
}
