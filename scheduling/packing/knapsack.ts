/**
 * The most valuable way to fill one machine.
 *
 * @module
 */

import type { Problem } from "./model.ts";

/**
 * Visited nodes after which the search settles for the best filling found so far. Machines hold few
 * GPUs, so that a search ends long before this; it guards against machines for hundreds of small pods,
 * where a greedy filling is nearly as good.
 */
const maxVisits = 4000;

/** A filling and its value. */
export interface Filling {
  readonly value: number;
  readonly counts: Int32Array;
}

interface Candidate {
  readonly item: number;
  readonly value: number;
  readonly size: Float64Array;
  readonly limit: number;
}

/**
 * Fills one machine of `kind` with at most `demand[i]` of item `i`, each worth `values[i]`, so that the
 * total value is the largest; items worth nothing are left out.
 *
 * Depth first over the items in order of value per room, most copies first; a branch is cut where even
 * the best value per room, in the scarcest dimension, could not beat the best filling so far.
 */
export function fillMachine(
  problem: Problem,
  kind: number,
  { values, demand }: { readonly values: Float64Array; readonly demand: Int32Array },
): Filling {
  const room = problem.kinds[kind]?.room ?? new Float64Array();
  const candidates = selectCandidates(problem, kind, values, demand);
  const best = new Int32Array(problem.items.length);
  const search = new Search(candidates, room);
  search.visit(0, 0);
  for (const [position, { item }] of candidates.entries()) best[item] = search.best[position] ?? 0;
  return { value: search.bestValue, counts: best };
}

function selectCandidates(
  problem: Problem,
  kind: number,
  values: Float64Array,
  demand: Int32Array,
): Candidate[] {
  const room = problem.kinds[kind]?.room ?? new Float64Array();
  const weighed: { readonly candidate: Candidate; readonly density: number }[] = [];
  for (const [item, { size, allowed }] of problem.items.entries()) {
    const value = values[item] ?? 0;
    let limit = demand[item] ?? 0;
    if (value <= 1e-12 || limit === 0 || allowed[kind] === 0) continue;
    let share = 0;
    for (let dimension = 0; dimension < room.length; dimension++) {
      const needed = size[dimension] ?? 0;
      if (needed === 0) continue;
      const offered = room[dimension] ?? 0;
      limit = Math.min(limit, Math.floor(offered / needed));
      share = Math.max(share, needed / offered);
    }
    if (limit > 0) {
      weighed.push({ candidate: { item, value, size, limit }, density: value / share });
    }
  }
  weighed.sort((left, right) =>
    right.density - left.density || left.candidate.item - right.candidate.item
  );
  return weighed.map(({ candidate }) => candidate);
}

class Search {
  readonly best: Int32Array;
  bestValue = 0;
  readonly #candidates: readonly Candidate[];
  readonly #chosen: Int32Array;
  readonly #left: Float64Array;
  /** Per dimension and candidate: the best value per unit among this and all later candidates. */
  readonly #densities: readonly Float64Array[];
  /** Value of all copies of this and all later candidates. */
  readonly #rest: Float64Array;
  #visits = 0;

  constructor(candidates: readonly Candidate[], room: Float64Array) {
    this.#candidates = candidates;
    this.#left = room.slice();
    this.#chosen = new Int32Array(candidates.length);
    this.best = new Int32Array(candidates.length);
    this.#rest = new Float64Array(candidates.length + 1);
    this.#densities = Array.from(room, () => new Float64Array(candidates.length + 1));
    for (let position = candidates.length - 1; position >= 0; position--) {
      const candidate = candidates[position];
      if (!candidate) continue;
      const { value, size, limit } = candidate;
      this.#rest[position] = (this.#rest[position + 1] ?? 0) + value * limit;
      for (const [dimension, densities] of this.#densities.entries()) {
        // An item that takes nothing of a dimension makes it useless as a bound: Infinity.
        const density = value / (size[dimension] ?? 0);
        densities[position] = Math.max(density, densities[position + 1] ?? 0);
      }
    }
  }

  visit(position: number, value: number): void {
    if (value > this.bestValue + 1e-12) {
      this.bestValue = value;
      this.best.set(this.#chosen);
    }
    const candidate = this.#candidates[position];
    if (!candidate || ++this.#visits > maxVisits) return;
    if (value + this.#bound(position) <= this.bestValue + 1e-12) return;
    const { size, limit } = candidate;
    let most = limit;
    for (let dimension = 0; dimension < size.length; dimension++) {
      const needed = size[dimension] ?? 0;
      if (needed > 0) most = Math.min(most, Math.floor((this.#left[dimension] ?? 0) / needed));
    }
    for (let count = most; count >= 0; count--) {
      this.#take(size, count);
      this.#chosen[position] = count;
      this.visit(position + 1, value + count * candidate.value);
      this.#take(size, -count);
      if (this.#visits > maxVisits) break;
    }
    this.#chosen[position] = 0;
  }

  #take(size: Float64Array, count: number): void {
    for (let dimension = 0; dimension < size.length; dimension++) {
      this.#left[dimension] = (this.#left[dimension] ?? 0) - count * (size[dimension] ?? 0);
    }
  }

  #bound(position: number): number {
    let bound = this.#rest[position] ?? 0;
    for (const [dimension, densities] of this.#densities.entries()) {
      const left = this.#left[dimension] ?? 0;
      const density = densities[position] ?? 0;
      if (density !== Infinity) bound = Math.min(bound, left * density);
    }
    return bound;
  }
}
