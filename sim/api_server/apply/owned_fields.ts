/**
 * Which fields a configuration states, and what is left when some are taken away.
 *
 * Follows sigs.k8s.io/structured-merge-diff v6 `typed/tofieldset.go`, `typed/remove.go` and
 * `EnsureNamedFieldsAreMembers` of `fieldpath/set.go`.
 *
 * @module
 */

import { asArray, asObject, isObject, type Json } from "../json.ts";
import { mapValueSchema, resolve, type Schema } from "../schema/schema.ts";
import { ownProperty } from "../schema/prune.ts";
import { type FieldElement, memberName, toMember } from "./field_element.ts";
import { type FieldSet, FieldSetBuilder } from "./field_set.ts";
import { isHollow, membersOf, shapeOf } from "./shape.ts";

/** The fields that a configuration states: all that it has an opinion on. */
export function statedFields(config: Json, schema: Schema): FieldSet {
  const into = new FieldSetBuilder();
  collect(config, schema, [], into);
  return into.build();
}

function collect(
  value: Json,
  schema: Schema,
  path: readonly FieldElement[],
  into: FieldSetBuilder,
): void {
  const shape = shapeOf(schema, value);
  if (shape.kind === "leaf") {
    into.insert(path);
  } else if (shape.kind === "list") {
    for (const item of asArray(value)) {
      const at = [...path, shape.element(item)];
      collect(item, shape.items, at, into);
      into.insert(at);
    }
  } else {
    for (const [name, member] of membersOf(asObject(value))) {
      const { schema: memberSchema, named } = shape.member(name);
      const at = [...path, toMember(name)];
      collect(member, memberSchema, at, into);
      const empty = member === null || (isObject(member) && isHollow(member));
      if (empty || !named) into.insert(at);
    }
  }
}

/** A value without some of its fields; structures that lose all they have stay, empty. */
export function removeFields(value: Json, fields: FieldSet, schema: Schema): Json {
  const shape = shapeOf(schema, value);
  if (shape.kind === "list") {
    return asArray(value).flatMap((item): readonly Json[] => {
      const element = shape.element(item);
      if (fields.members.has(element)) return [];
      const below = fields.children.get(element);
      return [below ? removeFields(item, below, shape.items) : item];
    });
  }
  if (shape.kind === "map") {
    const kept = membersOf(asObject(value)).flatMap(([name, member]): [string, Json][] => {
      const element = toMember(name);
      if (fields.members.has(element)) return [];
      const below = fields.children.get(element);
      return [[name, below ? removeFields(member, below, shape.member(name).schema) : member]];
    });
    return Object.fromEntries(kept);
  }
  return value;
}

/**
 * The set, with every named member that has something below it a member itself: taking away all that
 * is in a structure takes the structure away, too.
 */
export function withNamedMembers(set: FieldSet, schema: Schema): FieldSet {
  if (set.children.size === 0) return set;
  const resolved = resolve(schema);
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const name = memberName(element);
    const property = name === undefined ? undefined : ownProperty(resolved.properties, name);
    if (property) members.add(element);
    const below = name === undefined ? resolved.items : property ?? mapValueSchema(resolved);
    children.set(element, withNamedMembers(child, below ?? {}));
  }
  return { members, children };
}
