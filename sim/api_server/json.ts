/**
 * JSON values as this server stores them: immutable, changed by making new ones.
 *
 * @module
 */

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; an `undefined` member counts as absent. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Whether a value is a JSON object (neither an array nor null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a JSON array. */
export function isArray(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value itself if it is an object, else an empty one. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The value itself if it is an array, else an empty one. */
export function asArray(value: unknown): readonly Json[] {
  return isArray(value) ? value : [];
}

/** The value itself if it is a string, else `undefined`. */
export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value itself if it is a finite number, else `undefined`. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The string members of a map; others are left out. */
export function asStringMap(value: unknown): Readonly<Record<string, string>> {
  const strings: Record<string, string> = {};
  for (const [key, member] of Object.entries(asObject(value))) {
    if (typeof member === "string") strings[key] = member;
  }
  return strings;
}

/** The value at a path of member names, or `undefined` where the path ends early. */
export function getIn(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const key of path) {
    if (!isObject(current)) return undefined;
    current = current[key];
  }
  return current;
}

/** A copy of `object` with the member at `path` set, or removed when `value` is `undefined`. */
export function setIn<T extends JsonObject>(
  object: T,
  path: readonly [string, ...string[]],
  value: Json | undefined,
): T {
  const [head, ...rest] = path;
  const [next, ...others] = rest;
  if (next === undefined) {
    if (value !== undefined) return { ...object, [head]: value };
    const { [head]: _removed, ...kept } = object;
    return kept as T;
  }
  const child = asObject(object[head]);
  if (value === undefined && !isObject(object[head])) return object;
  return { ...object, [head]: setIn(child, [next, ...others], value) };
}

/** Deep equality; the order of members and `undefined` members do not count. */
export function equalJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (isArray(left) && isArray(right)) {
    return left.length === right.length &&
      left.every((item, index) => equalJson(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  for (const key in left) if (!equalJson(left[key], right[key])) return false;
  for (const key in right) if (left[key] === undefined && right[key] !== undefined) return false;
  return true;
}

/** JSON text with sorted members: equal values give equal text. */
export function canonicalJson(value: Json | undefined): string {
  return JSON.stringify(
    value,
    (_key, member) =>
      isObject(member)
        ? Object.fromEntries(
          Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)),
        )
        : member,
  );
}
