/**
 * Resources as vectors: one dimension per resource that some pending pod asks for.
 *
 * @module
 */

import type { Quantity, Resources } from "../../schemas/quantity.ts";

/** The dimensions of one solve. */
export interface Dimensions {
  /** Sorted: devices first, since they are the scarcest, then cpu, memory and the rest by name. */
  readonly names: readonly string[];
  toVector(resources: Resources): Float64Array;
}

/** Whether a resource is an extended one: a device such as `nvidia.com/gpu`. */
export function isDevice(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/");
}

/** The dimensions that a set of requests needs. */
export function createDimensions(requests: Iterable<Resources>): Dimensions {
  const asked = new Set<string>();
  for (const resources of requests) {
    for (const name of Object.keys(resources)) asked.add(name);
  }
  const names = [...asked].sort((left, right) =>
    rank(left) - rank(right) || (left < right ? -1 : 1)
  );
  return {
    names,
    toVector: (resources) => {
      const vector = new Float64Array(names.length);
      for (const [dimension, name] of names.entries()) vector[dimension] = resources[name] ?? 0;
      return vector;
    },
  };
}

/** The resources of a vector, zeros left out. */
export function toResources({ names }: Dimensions, vector: Float64Array): Resources {
  const resources: Record<string, Quantity> = {};
  for (const [dimension, name] of names.entries()) {
    const amount = vector[dimension] ?? 0;
    if (amount > 0) resources[name] = amount as Quantity;
  }
  return resources;
}

/** Whether both loads together stay within `room`. */
export function holds(room: Float64Array, load: Float64Array, extra: Float64Array): boolean {
  for (let dimension = 0; dimension < room.length; dimension++) {
    if ((load[dimension] ?? 0) + (extra[dimension] ?? 0) > (room[dimension] ?? 0)) return false;
  }
  return true;
}

/** Whether `extra` fits beside a `load` that is known to fit. */
export function hasRoom(room: Float64Array, load: Float64Array, extra: Float64Array): boolean {
  for (let dimension = 0; dimension < extra.length; dimension++) {
    const more = extra[dimension] ?? 0;
    if (more > 0 && (load[dimension] ?? 0) + more > (room[dimension] ?? 0)) return false;
  }
  return true;
}

/** Adds `times` × `extra` to `load` in place. */
export function addLoad(load: Float64Array, extra: Float64Array, times: number): void {
  for (let dimension = 0; dimension < load.length; dimension++) {
    load[dimension] = (load[dimension] ?? 0) + times * (extra[dimension] ?? 0);
  }
}

/** How many of `size` fit into `free`. */
export function countFitting(free: Float64Array, size: Float64Array): number {
  let count = Infinity;
  for (let dimension = 0; dimension < size.length; dimension++) {
    const needed = size[dimension] ?? 0;
    if (needed > 0) count = Math.min(count, Math.floor((free[dimension] ?? 0) / needed));
  }
  return Math.max(0, count);
}

function rank(name: string): number {
  if (isDevice(name)) return 0;
  if (name === "cpu") return 1;
  return name === "memory" ? 2 : 3;
}
