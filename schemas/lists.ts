/**
 * Lists and maps, and how the API server merges them.
 *
 * @module
 */

import { z } from "zod";

/** A list without equal items; whoever applies it owns just their items. */
export function setOf<T extends z.ZodType<string>>(item: T, max: number): z.ZodArray<T> {
  const identity = (value: z.output<T>) => value;
  return withoutTwins(z.array(item).max(max), identity, "must not repeat")
    .meta({ listType: "set" });
}

/** A list of objects that differ in some of their required fields. */
export function mapOf<T extends z.ZodObject>(
  item: T,
  keys: readonly (keyof z.output<T> & string)[],
  max: number,
): z.ZodArray<T> {
  const identity = (value: z.output<T>) => JSON.stringify(keys.map((key) => value[key]));
  return withoutTwins(z.array(item).max(max), identity, `must not repeat ${keys.join(" and ")}`)
    .meta({ listType: "map", listMapKeys: keys });
}

/** A list that is replaced as a whole. */
export function listOf<T extends z.ZodType>(item: T, max: number): z.ZodArray<T> {
  return z.array(item).max(max).meta({ listType: "atomic" });
}

/** A map by any texts, merged key by key. zod's own records have no upper bound. */
export function recordOf<T extends z.ZodType>(
  value: T,
  max: number,
): z.ZodRecord<z.ZodString, T> {
  return z.record(z.string(), value).refine((map) => Object.keys(map).length <= max, {
    error: `must have at most ${max} entries`,
    params: { maxProperties: max },
  });
}

function withoutTwins<T extends z.ZodType>(
  list: z.ZodArray<T>,
  identity: (item: z.output<T>) => string,
  error: string,
): z.ZodArray<T> {
  const isUnique = (items: readonly z.output<T>[]) =>
    items.length < 2 || new Set(items.map(identity)).size === items.length;
  return list.refine(isUnique, { error, params: { unique: true } });
}
