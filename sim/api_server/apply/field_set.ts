/**
 * Sets of fields, as `metadata.managedFields` keeps them.
 *
 * Follows sigs.k8s.io/structured-merge-diff v6 `fieldpath/set.go`.
 *
 * @module
 */

import { asObject, type JsonObject } from "../json.ts";
import type { FieldElement } from "./field_element.ts";

/** A set of paths, as a tree: which steps end one, and what follows a step. Immutable. */
export interface FieldSet {
  readonly members: ReadonlySet<FieldElement>;
  readonly children: ReadonlyMap<FieldElement, FieldSet>;
}

/** The set of no path. */
export const emptyFieldSet: FieldSet = { members: new Set(), children: new Map() };

/** Whether a set has no path. */
export function isEmptySet({ members, children }: FieldSet): boolean {
  return members.size === 0 && children.size === 0;
}

/** A set under construction. */
export class FieldSetBuilder {
  readonly #members = new Set<FieldElement>();
  readonly #children = new Map<FieldElement, FieldSetBuilder>();

  /** Adds a path; the empty path is never in a set. */
  insert(path: readonly FieldElement[]): void {
    const [head, ...rest] = path;
    if (head === undefined) return;
    if (rest.length === 0) {
      this.#members.add(head);
      return;
    }
    let child = this.#children.get(head);
    if (!child) this.#children.set(head, child = new FieldSetBuilder());
    child.insert(rest);
  }

  /** The set built so far. */
  build(): FieldSet {
    const children = [...this.#children].map(([key, child]) => [key, child.build()] as const);
    return { members: new Set(this.#members), children: new Map(children) };
  }
}

/** A set without empty branches. */
function make(members: ReadonlySet<string>, children: Map<string, FieldSet>): FieldSet {
  for (const [key, child] of children) if (isEmptySet(child)) children.delete(key);
  return { members, children };
}

/** Paths in either set. */
export function unite(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(left)) return right;
  if (isEmptySet(right)) return left;
  const children = new Map(left.children);
  for (const [key, child] of right.children) {
    const own = children.get(key);
    children.set(key, own ? unite(own, child) : child);
  }
  return make(new Set([...left.members, ...right.members]), children);
}

/** Paths in both sets. */
export function intersect(left: FieldSet, right: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [key, child] of left.children) {
    const other = right.children.get(key);
    if (other) children.set(key, intersect(child, other));
  }
  return make(new Set([...left.members].filter((one) => right.members.has(one))), children);
}

/** Paths in `left` that are not in `right`. */
export function subtract(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(right)) return left;
  const children = new Map<string, FieldSet>();
  for (const [key, child] of left.children) {
    const other = right.children.get(key);
    children.set(key, other ? subtract(child, other) : child);
  }
  return make(new Set([...left.members].filter((one) => !right.members.has(one))), children);
}

/** Paths in `left` that neither are in `right` nor lie below one that is. */
export function subtractBelow(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(right)) return left;
  const children = new Map<string, FieldSet>();
  for (const [key, child] of left.children) {
    if (right.members.has(key)) continue;
    const other = right.children.get(key);
    children.set(key, other ? subtractBelow(child, other) : child);
  }
  return make(new Set([...left.members].filter((one) => !right.members.has(one))), children);
}

/** Every path, parents before children. */
export function listPaths(set: FieldSet, prefix: readonly string[] = []): string[][] {
  const paths = [...set.members].map((member) => [...prefix, member]);
  for (const [key, child] of set.children) paths.push(...listPaths(child, [...prefix, key]));
  return paths;
}

/** Whether a path is in a set. */
export function hasPath(set: FieldSet, path: readonly FieldElement[]): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return false;
  if (rest.length === 0) return set.members.has(head);
  const child = set.children.get(head);
  return child !== undefined && hasPath(child, rest);
}

/** The set of some paths. */
export function toFieldSet(...paths: readonly (readonly FieldElement[])[]): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.insert(path);
  return builder.build();
}

/** A set in the form of `fieldsV1`. */
export function encodeFields({ members, children }: FieldSet): JsonObject {
  const encoded: Record<string, JsonObject> = {};
  for (const key of [...new Set([...members, ...children.keys()])].sort()) {
    const child = children.get(key);
    if (!child) encoded[key] = {};
    else encoded[key] = { ...(members.has(key) ? { ".": {} } : {}), ...encodeFields(child) };
  }
  return encoded;
}

/** Reads the form of `fieldsV1`. */
export function decodeFields(encoded: JsonObject): FieldSet {
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [key, value] of Object.entries(encoded)) {
    if (key === ".") continue;
    const inner = asObject(value);
    const names = Object.keys(inner);
    if (names.length === 0 || "." in inner) members.add(key);
    if (names.some((name) => name !== ".")) children.set(key, decodeFields(inner));
  }
  return { members, children };
}
