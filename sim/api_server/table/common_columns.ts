/**
 * The columns that most kinds share.
 *
 * @module
 */

import { asArray, asObject, asString, getIn, type Json } from "../json.ts";
import type { Column } from "./column.ts";
import { toAge } from "./human_duration.ts";

/** The object's name; clients expect it first. */
export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name must be unique within a namespace",
  cell: ({ metadata }) => metadata.name,
};

/** The time since creation. */
export const ageColumn: Column = {
  name: "Age",
  type: "string",
  description:
    "CreationTimestamp is a timestamp representing the server time when this object was" +
    " created",
  cell: ({ metadata }, nowMs) => toAge(metadata.creationTimestamp, nowMs),
};

/** A column whose cell is the text at a path, or `fallback` where there is none. */
export function textColumn(
  name: string,
  path: readonly string[],
  options: { readonly fallback?: string; readonly priority?: number } = {},
): Column {
  const { fallback = "", priority = 0 } = options;
  return {
    name,
    type: "string",
    priority,
    cell: (object) => toText(getIn(object, ...path)) ?? fallback,
  };
}

/** A column whose cell is how many members a map or list has. */
export function countColumn(
  name: string,
  path: readonly string[],
  type: "string" | "integer" = "string",
): Column {
  return {
    name,
    type,
    cell: (object) => {
      const value = getIn(object, ...path);
      const count = Array.isArray(value) ? value.length : Object.keys(asObject(value)).length;
      return type === "string" ? String(count) : count;
    },
  };
}

/** A number column, zero where absent. */
export function numberColumn(name: string, path: readonly string[]): Column {
  return { name, type: "integer", cell: (object) => getIn(object, ...path) ?? 0 };
}

/** A scalar as text; `undefined` for anything else, and for empty text. */
export function toText(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** `a=b,c=d`, or `<none>`. */
export function toLabelText(value: Json | undefined): string {
  const text = Object.entries(asObject(value)).map(([key, member]) => `${key}=${member}`).sort();
  return text.length > 0 ? text.join(",") : "<none>";
}

/** A `LabelSelector` as kubectl prints it. */
export function toSelectorText(selector: Json | undefined): string {
  const { matchLabels, matchExpressions } = asObject(selector);
  const parts = Object.entries(asObject(matchLabels)).map(([key, value]) => `${key}=${value}`);
  for (const raw of asArray(matchExpressions)) {
    const { key, operator, values } = asObject(raw);
    const list = asArray(values).join(",");
    if (operator === "In") parts.push(`${key} in (${list})`);
    else if (operator === "NotIn") parts.push(`${key} notin (${list})`);
    else parts.push(operator === "Exists" ? `${key}` : `!${key}`);
  }
  return parts.length > 0 ? parts.sort().join(",") : "<none>";
}

/** The item of a list of conditions, taints or addresses whose member has a value. */
export function findBy(list: Json | undefined, member: string, value: string) {
  return asArray(list).map(asObject).find((item) => asString(item[member]) === value);
}

/** The container names and images of a pod template. */
export function containerColumns(path: readonly string[]): readonly Column[] {
  const texts = (object: Json, member: string) =>
    asArray(getIn(object, ...path)).map((item) => asString(asObject(item)[member]) ?? "").join(",");
  return [
    { name: "Containers", type: "string", priority: 1, cell: (object) => texts(object, "name") },
    { name: "Images", type: "string", priority: 1, cell: (object) => texts(object, "image") },
  ];
}
