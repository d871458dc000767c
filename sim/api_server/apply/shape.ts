/**
 * How a value is owned: as a whole, by member, or by item.
 *
 * Follows k8s.io/kube-openapi `pkg/schemaconv` and sigs.k8s.io/structured-merge-diff v6 `typed/helpers.go`.
 *
 * @module
 */

import { canonicalJson, isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { ownProperty } from "../schema/prune.ts";
import { mapValueSchema, resolve, type Schema } from "../schema/schema.ts";
import { type FieldElement, toKeyedItem, toSetItem } from "./field_element.ts";

/** An object whose members are owned one by one. */
export interface MapShape {
  readonly kind: "map";
  /** The schema of a member, and whether the schema names it (or it is one of arbitrary keys). */
  readonly member: (name: string) => { readonly schema: Schema; readonly named: boolean };
}

/** A list whose items are owned one by one. */
export interface ListShape {
  readonly kind: "list";
  readonly items: Schema;
  /** The step to an item. */
  readonly element: (item: Json) => FieldElement;
}

/** How a value is owned. */
export type Shape = { readonly kind: "leaf" } | MapShape | ListShape;

const leaf: Shape = { kind: "leaf" };

/** The schema of what no schema describes: maps by member, all else as a whole. */
const unknownSchema: Schema = { "x-kubernetes-preserve-unknown-fields": true };

/** How a value of a schema is owned. */
export function shapeOf(schema: Schema, value: Json): Shape {
  const resolved = resolve(schema);
  const extension = <K extends keyof Schema>(key: K) => schema[key] ?? resolved[key];
  if (isObject(value)) {
    if (extension("x-kubernetes-map-type") === "atomic") return leaf;
    const { properties } = resolved;
    const values = mapValueSchema(resolved);
    return {
      kind: "map",
      member: (name) => {
        const property = ownProperty(properties, name);
        return { schema: property ?? values ?? unknownSchema, named: property !== undefined };
      },
    };
  }
  if (isArray(value)) {
    const type = extension("x-kubernetes-list-type");
    const items = resolved.items ?? unknownSchema;
    if (type === "set") return { kind: "list", items, element: toSetItem };
    if (type === "map") {
      const keys = extension("x-kubernetes-list-map-keys") ?? [];
      // An item without any key is owned by its content; validation refuses it where keys are required.
      const element = (item: Json) => toKeyedItem(item, keys, items) ?? `v:${canonicalJson(item)}`;
      return { kind: "list", items, element };
    }
  }
  return leaf;
}

/** How two values, of which at most one is absent, are compared. */
export function commonShape(
  schema: Schema,
  left: Json | undefined,
  right: Json | undefined,
): Shape {
  const value = right ?? left;
  if (value === undefined) return leaf;
  const shape = shapeOf(schema, value);
  if (left === undefined || right === undefined) return shape;
  return shapeOf(schema, left).kind === shape.kind ? shape : leaf;
}

/** The members of an object, present ones only. */
export function membersOf(object: JsonObject): [string, Json][] {
  return Object.entries(object).flatMap(([key, value]): [string, Json][] =>
    value === undefined ? [] : [[key, value]]
  );
}

/** Whether a value is absent, null, or a structure of nothing. */
export function isHollow(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (isArray(value)) return value.length === 0;
  return isObject(value) && membersOf(value).length === 0;
}
