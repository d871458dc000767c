/**
 * Enumerates the ways to fill one machine that are worth more than some value.
 *
 * @module
 */

import type { Problem } from "./model.ts";

/** What to fill, with what. */
export interface FillingQuery {
  readonly kind: number;
  /** Per item: what one copy is worth. */
  readonly values: Float64Array;
  /** Whether items worth nothing are filled in as well; else they are left out. */
  readonly withWorthless: boolean;
  /** Per item: the most copies. */
  readonly demand: Int32Array;
  /** Only fillings worth more than this are found. */
  readonly least: number;
  /** An item that every filling must have. */
  readonly required?: number | undefined;
  /** Nodes to visit at most. */
  readonly maxVisits: number;
}

/**
 * Calls `report` for each filling, with the copies per item; what it returns is the new `least`.
 *
 * Depth first over the items in order of value per room (the required one first), most copies first. A
 * branch ends where even the best value per room, in the scarcest dimension, cannot reach `least`.
 *
 * @returns How many nodes were visited.
 */
export function enumerateFillings(
  problem: Problem,
  query: FillingQuery,
  report: (counts: Int32Array, value: number) => number,
): number {
  const room = problem.kinds[query.kind]?.room;
  const candidates = room ? selectCandidates(problem, query) : [];
  if (!room || boundOf(candidates, room) <= query.least) return 1;
  candidates.sort((left, right) =>
    Number(right.item === query.required) - Number(left.item === query.required) ||
    right.density - left.density || left.item - right.item
  );
  if (query.required !== undefined && candidates[0]?.item !== query.required) return 1;
  return new Enumeration(candidates, { room, query, report, itemCount: problem.items.length })
    .run();
}

interface Candidate {
  readonly item: number;
  readonly value: number;
  readonly size: Float64Array;
  readonly limit: number;
  /** Value per share of the room it takes most of. */
  readonly density: number;
}

function selectCandidates(problem: Problem, query: FillingQuery): Candidate[] {
  const { kind, values, demand, required, withWorthless } = query;
  const room = problem.kinds[kind]?.room ?? new Float64Array();
  const candidates: Candidate[] = [];
  for (let item = 0; item < problem.items.length; item++) {
    const value = values[item] ?? 0;
    const entry = problem.items[item];
    let limit = demand[item] ?? 0;
    const isWanted = withWorthless || value > 1e-12 || item === required;
    if (!entry || !isWanted || limit === 0 || entry.allowed[kind] === 0) continue;
    let share = 0;
    for (let dimension = 0; dimension < room.length; dimension++) {
      const needed = entry.size[dimension] ?? 0;
      if (needed === 0) continue;
      const offered = room[dimension] ?? 0;
      limit = Math.min(limit, Math.floor(offered / needed));
      share = Math.max(share, needed / offered);
    }
    if (limit > 0) {
      candidates.push({ item, value, size: entry.size, limit, density: value / share });
    }
  }
  return candidates;
}

/** The most that a machine can hold, by the scarcest dimension: most questions end here. */
function boundOf(candidates: readonly Candidate[], room: Float64Array): number {
  let bound = 0;
  for (const { value, limit } of candidates) bound += value * limit;
  for (let dimension = 0; dimension < room.length; dimension++) {
    let density = 0;
    for (const { value, size } of candidates) {
      density = Math.max(density, value === 0 ? 0 : value / (size[dimension] ?? 0));
    }
    if (density !== Infinity) bound = Math.min(bound, (room[dimension] ?? 0) * density);
  }
  return bound;
}

class Enumeration {
  readonly #candidates: readonly Candidate[];
  readonly #report: (counts: Int32Array, value: number) => number;
  readonly #maxVisits: number;
  readonly #firstIsRequired: boolean;
  readonly #withWorthless: boolean;
  readonly #counts: Int32Array;
  readonly #left: Float64Array;
  /**
   * By candidate and dimension: the best value per unit among this and all later candidates; Infinity
   * where one takes nothing of the dimension, which then bounds nothing.
   */
  readonly #densities: Float64Array;
  /** By candidate: the value of all copies of this and all later ones. */
  readonly #rest: Float64Array;
  #least: number;
  #visits = 0;

  constructor(
    candidates: readonly Candidate[],
    { room, query, report, itemCount }: {
      readonly room: Float64Array;
      readonly query: FillingQuery;
      readonly report: (counts: Int32Array, value: number) => number;
      readonly itemCount: number;
    },
  ) {
    this.#candidates = candidates;
    this.#report = report;
    this.#maxVisits = query.maxVisits;
    this.#firstIsRequired = query.required !== undefined;
    this.#withWorthless = query.withWorthless;
    this.#least = query.least;
    this.#counts = new Int32Array(itemCount);
    this.#left = room.slice();
    const width = room.length;
    this.#rest = new Float64Array(candidates.length + 1);
    this.#densities = new Float64Array((candidates.length + 1) * width);
    for (let position = candidates.length - 1; position >= 0; position--) {
      const candidate = candidates[position];
      if (!candidate) continue;
      const { value, size, limit } = candidate;
      this.#rest[position] = (this.#rest[position + 1] ?? 0) + value * limit;
      for (let dimension = 0; dimension < width; dimension++) {
        const needed = size[dimension] ?? 0;
        const density = needed > 0 ? value / needed : value > 0 ? Infinity : 0;
        const later = this.#densities[(position + 1) * width + dimension] ?? 0;
        this.#densities[position * width + dimension] = Math.max(density, later);
      }
    }
  }

  run(): number {
    this.#visit(0, 0);
    return this.#visits;
  }

  #visit(position: number, value: number): void {
    this.#visits += 1;
    const bound = this.#bound(position);
    // Rounding must not hide a filling that is worth exactly a little more.
    if (value + bound <= this.#least + 1e-12) return;
    const candidate = this.#candidates[position];
    if (!candidate || (bound <= 0 && !this.#withWorthless)) {
      this.#least = this.#report(this.#counts, value);
      return;
    }
    const { item, size, limit, value: worth } = candidate;
    const left = this.#left;
    let most = limit;
    for (let dimension = 0; dimension < size.length; dimension++) {
      const needed = size[dimension] ?? 0;
      if (needed > 0) most = Math.min(most, Math.floor((left[dimension] ?? 0) / needed));
    }
    const fewest = position === 0 && this.#firstIsRequired ? 1 : 0;
    for (let count = most; count >= fewest; count--) {
      for (let d = 0; d < size.length; d++) left[d] = (left[d] ?? 0) - count * (size[d] ?? 0);
      this.#counts[item] = count;
      this.#visit(position + 1, value + count * worth);
      for (let d = 0; d < size.length; d++) left[d] = (left[d] ?? 0) + count * (size[d] ?? 0);
      if (this.#visits > this.#maxVisits) break;
    }
    this.#counts[item] = 0;
  }

  /** The most that this and all later candidates can add. */
  #bound(position: number): number {
    const width = this.#left.length;
    let bound = this.#rest[position] ?? 0;
    for (let dimension = 0; dimension < width; dimension++) {
      const density = this.#densities[position * width + dimension] ?? 0;
      if (density !== Infinity) bound = Math.min(bound, (this.#left[dimension] ?? 0) * density);
    }
    return bound;
  }
}
