/**
 * Steps of field paths, in the encoding of `FieldsV1`: `f:name`, `k:{"name":"x"}`, `v:"x"`.
 *
 * Follows sigs.k8s.io/structured-merge-diff v6 `fieldpath/serialize-pe.go`.
 *
 * @module
 */

import { asObject, isObject, type Json } from "../json.ts";
import { resolve, type Schema } from "../schema/schema.ts";

/** One encoded step. */
export type FieldElement = string;

/** The step to a member. */
export function toMember(name: string): FieldElement {
  return `f:${name}`;
}

/** The name of the member that a step leads to, if it is one. */
export function memberName(element: FieldElement): string | undefined {
  return element.startsWith("f:") ? element.slice(2) : undefined;
}

/** The step to an item of a set. */
export function toSetItem(value: Json): FieldElement {
  return `v:${JSON.stringify(value)}`;
}

/**
 * The step to an item of a list with keys. Keys that the item leaves out count as their default, where
 * they have one.
 *
 * @returns `undefined` for an item without any of the keys.
 */
export function toKeyedItem(
  item: Json,
  keys: readonly string[],
  items: Schema,
): FieldElement | undefined {
  if (!isObject(item)) return undefined;
  const properties = resolve(items).properties ?? {};
  const pairs = [...keys].sort().flatMap((key): [string, Json][] => {
    const value = item[key] ?? properties[key]?.default;
    return value === undefined || (item[key] === undefined && value === "") ? [] : [[key, value]];
  });
  return pairs.length === 0 ? undefined : `k:${JSON.stringify(Object.fromEntries(pairs))}`;
}

/** A step as messages write it: `.spec`, `[name="x"]`, `[="x"]`. */
export function toDisplay(element: FieldElement): string {
  const rest = element.slice(2);
  switch (element.slice(0, 2)) {
    case "f:":
      return `.${rest}`;
    case "k:":
      return `[${
        Object.entries(asObject(JSON.parse(rest))).map(([key, value]) =>
          `${key}=${JSON.stringify(value)}`
        ).join(",")
      }]`;
    case "v:":
      return `[=${rest}]`;
    default:
      return `[${rest}]`;
  }
}
