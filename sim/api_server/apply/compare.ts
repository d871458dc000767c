/**
 * What a write changes, as sets of fields.
 *
 * Follows sigs.k8s.io/structured-merge-diff v6 `typed/compare.go`.
 *
 * @module
 */

import { asArray, asObject, equalJson, type Json } from "../json.ts";
import type { Schema } from "../schema/schema.ts";
import { type FieldElement, toMember } from "./field_element.ts";
import { type FieldSet, FieldSetBuilder, isEmptySet, unite } from "./field_set.ts";
import { commonShape, isHollow, type ListShape, type MapShape } from "./shape.ts";

/** The difference of two objects. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

interface Collected {
  readonly added: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
}

/** Both sides of one field. */
interface Sides {
  readonly left: Json | undefined;
  readonly right: Json | undefined;
  readonly schema: Schema;
}

/** Compares an object before and after. */
export function compareObjects(left: Json, right: Json, schema: Schema): Comparison {
  const into: Collected = {
    added: new FieldSetBuilder(),
    modified: new FieldSetBuilder(),
    removed: new FieldSetBuilder(),
  };
  compare({ left, right, schema }, [], into);
  return {
    added: into.added.build(),
    modified: into.modified.build(),
    removed: into.removed.build(),
  };
}

/** A comparison with each of its sets changed. */
export function mapComparison(
  { added, modified, removed }: Comparison,
  change: (set: FieldSet) => FieldSet,
): Comparison {
  return { added: change(added), modified: change(modified), removed: change(removed) };
}

/** The fields that have a new value. */
export function writtenFields({ added, modified }: Comparison): FieldSet {
  return unite(modified, added);
}

/** Whether nothing changed. */
export function isSame({ added, modified, removed }: Comparison): boolean {
  return isEmptySet(added) && isEmptySet(modified) && isEmptySet(removed);
}

function compare(sides: Sides, path: readonly FieldElement[], into: Collected): void {
  const { left, right, schema } = sides;
  if (left === right) return;
  const shape = commonShape(schema, left, right);
  // Two hollow structures differ as wholes: absent, null and empty are not the same.
  if (shape.kind === "leaf" || (isHollow(left) && isHollow(right))) {
    return compareLeaf(left, right, path, into);
  }
  if (shape.kind === "map") compareMembers(sides, shape, path, into);
  else compareItems(sides, shape, path, into);
  if (left === undefined) into.added.insert(path);
  else if (right === undefined) into.removed.insert(path);
}

function compareLeaf(
  left: Json | undefined,
  right: Json | undefined,
  path: readonly FieldElement[],
  into: Collected,
): void {
  if (left === undefined) into.added.insert(path);
  else if (right === undefined) into.removed.insert(path);
  else if (!equalJson(left, right)) into.modified.insert(path);
}

function compareMembers(
  sides: Sides,
  shape: MapShape,
  path: readonly FieldElement[],
  into: Collected,
): void {
  const left = asObject(sides.left);
  const right = asObject(sides.right);
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const { schema } = shape.member(name);
    compare({ left: left[name], right: right[name], schema }, [...path, toMember(name)], into);
  }
}

function compareItems(
  sides: Sides,
  shape: ListShape,
  path: readonly FieldElement[],
  into: Collected,
): void {
  const index = (list: Json | undefined) =>
    new Map(asArray(list).map((item) => [shape.element(item), item]));
  const left = index(sides.left);
  const right = index(sides.right);
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const item = { left: left.get(element), right: right.get(element), schema: shape.items };
    compare(item, [...path, element], into);
  }
}
