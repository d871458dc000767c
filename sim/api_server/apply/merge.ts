/**
 * Merging an applied configuration into an object.
 *
 * Follows sigs.k8s.io/structured-merge-diff v6 `typed/merge.go`.
 *
 * @module
 */

import { asArray, asObject, type Json } from "../json.ts";
import type { Schema } from "../schema/schema.ts";
import type { FieldElement } from "./field_element.ts";
import { commonShape, isHollow, type ListShape, type MapShape } from "./shape.ts";

/** The object with all that the configuration states; the configuration wins. */
export function mergeConfig(
  live: Json | undefined,
  config: Json | undefined,
  schema: Schema,
): Json | undefined {
  const shape = commonShape(schema, live, config);
  if (shape.kind === "leaf" || (isHollow(live) && isHollow(config))) return config ?? live;
  const merged = shape.kind === "map"
    ? mergeMembers(asObject(live), asObject(config), shape)
    : mergeItems(asArray(live), asArray(config), shape);
  return isHollow(merged) ? undefined : merged;
}

function mergeMembers(
  live: Readonly<Record<string, Json | undefined>>,
  config: Readonly<Record<string, Json | undefined>>,
  shape: MapShape,
): Json {
  const merged: Record<string, Json> = {};
  for (const name of new Set([...Object.keys(live), ...Object.keys(config)])) {
    const value = mergeConfig(live[name], config[name], shape.member(name).schema);
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

/** Items in the configuration's order; those it does not name keep their place between the others. */
function mergeItems(live: readonly Json[], config: readonly Json[], shape: ListShape): Json {
  const left = live.map((item) => ({ element: shape.element(item), item }));
  const right = config.map((item) => ({ element: shape.element(item), item }));
  const inLeft = new Map(left.map(({ element, item }) => [element, item]));
  const inRight = new Map(right.map(({ element, item }) => [element, item]));
  const shared = right.map(({ element }) => element).filter((element) => inLeft.has(element));
  const done = new Set<FieldElement>();
  const merged: Json[] = [];
  const push = (one: Json | undefined, other: Json | undefined) => {
    const value = mergeConfig(one, other, shape.items);
    if (value !== undefined) merged.push(value);
  };
  let leftAt = 0;
  let rightAt = 0;
  while (leftAt < left.length || rightAt < right.length) {
    const one = left[leftAt];
    const other = right[rightAt];
    if (one && !inRight.has(one.element)) {
      push(one.item, undefined);
      leftAt++;
    } else if (one && (done.has(one.element) || (other && one.element !== shared[0]))) {
      // A shared item that is not the next one in the configuration's order, or is placed already.
      leftAt++;
    } else if (other) {
      push(inLeft.get(other.element), other.item);
      done.add(other.element);
      if (shared[0] === other.element) shared.shift();
      if (one?.element === other.element) leftAt++;
      rightAt++;
    } else {
      leftAt++;
    }
  }
  return merged;
}
