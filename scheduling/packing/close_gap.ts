/**
 * Searches for a whole solution that is cheaper than a known one, guided by what the fractional
 * optimum says each item is worth.
 *
 * With the fractional optimum's prices every pattern costs at least what it is worth, so a solution
 * costs the bound, plus what its patterns cost beyond their worth, plus the worth of room bought twice.
 * A solution that beats the known one can spend less than the gap on all of that together: few patterns
 * are cheap enough to take part, and a branch ends as soon as its share of the gap is spent.
 *
 * @module
 */

import type { Pattern, Problem } from "./model.ts";

/** A known solution, and what is known about better ones. */
export interface Gap {
  readonly machines: readonly Pattern[];
  /** Cost of `machines`. */
  readonly cost: number;
  /** What no solution undercuts. */
  readonly bound: number;
  /** What one more of each item costs in the fractional optimum. */
  readonly values: Float64Array;
  /** Visited nodes after which the search gives up; ten thousand take one or two milliseconds. */
  readonly maxVisits: number;
}

/** The best solution found; the known one if there is none better or the search was cut short. */
export function closeGap(problem: Problem, gap: Gap): readonly Pattern[] {
  return new GapSearch(problem, gap).run();
}

class GapSearch {
  readonly #problem: Problem;
  readonly #values: Float64Array;
  readonly #demand: Int32Array;
  /** Items in the order in which they are covered: the most valuable, hence largest, first. */
  readonly #order: readonly number[];
  readonly #chosen: Pattern[] = [];
  /** By demand left: the largest slack that was not enough to cover it. */
  readonly #failed = new Map<string, number>();
  #best: readonly Pattern[];
  /** A branch must stay below this; shrinks when a better solution is found. */
  #limit: number;
  readonly #maxVisits: number;
  #visits = 0;

  constructor(problem: Problem, { machines, cost, bound, values, maxVisits }: Gap) {
    this.#maxVisits = maxVisits;
    this.#problem = problem;
    this.#values = values;
    this.#demand = Int32Array.from(problem.items, ({ count }) => count);
    this.#order = [...values.keys()].sort((left, right) =>
      (values[right] ?? 0) - (values[left] ?? 0) || left - right
    );
    this.#best = machines;
    this.#limit = (cost - bound) * (1 - 1e-6);
  }

  run(): readonly Pattern[] {
    this.#cover(0);
    return this.#best;
  }

  /** Covers the demand that is left, having spent `spent` of the gap. */
  #cover(spent: number): void {
    const item = this.#order.find((candidate) => (this.#demand[candidate] ?? 0) > 0);
    if (item === undefined) {
      this.#best = [...this.#chosen];
      this.#limit = spent * (1 - 1e-6);
      return;
    }
    const key = this.#demand.join();
    const slack = this.#limit - spent;
    if ((this.#failed.get(key) ?? -1) >= slack) return;
    const patterns = this.#patternsWith(item, slack);
    for (const { pattern, waste } of patterns) {
      if (spent + waste >= this.#limit) break;
      this.#apply(pattern, 1);
      this.#chosen.push(pattern);
      this.#cover(spent + waste);
      this.#chosen.pop();
      this.#apply(pattern, -1);
      if (this.#visits > this.#maxVisits) return;
    }
    this.#failed.set(key, Math.max(this.#failed.get(key) ?? -1, this.#limit - spent));
  }

  /** Every pattern within the demand that has `item` and wastes less than `slack`, least waste first. */
  #patternsWith(item: number, slack: number): readonly { pattern: Pattern; waste: number }[] {
    const found: { pattern: Pattern; waste: number }[] = [];
    for (const [kind, { cost, room }] of this.#problem.kinds.entries()) {
      if (this.#problem.items[item]?.allowed[kind] !== 1) continue;
      const others = this.#order.filter((other) =>
        (this.#demand[other] ?? 0) > 0 && this.#problem.items[other]?.allowed[kind] === 1
      );
      const filler = new Filler(this.#problem, {
        items: others,
        values: this.#values,
        demand: this.#demand,
        maxVisits: this.#maxVisits,
      });
      this.#visits += filler.fill(room, cost - slack, (counts, value) => {
        found.push({ pattern: { kind, counts }, waste: Math.max(0, cost - value) });
      });
      if (this.#visits > this.#maxVisits) break;
    }
    return found.sort((left, right) =>
      left.waste - right.waste || left.pattern.kind - right.pattern.kind
    );
  }

  #apply({ counts }: Pattern, sign: 1 | -1): void {
    for (let item = 0; item < counts.length; item++) {
      this.#demand[item] = (this.#demand[item] ?? 0) - sign * (counts[item] ?? 0);
    }
  }
}

/** Enumerates the fillings of one machine that are worth more than a least value. */
class Filler {
  readonly #items: readonly number[];
  readonly #problem: Problem;
  readonly #values: Float64Array;
  readonly #demand: Int32Array;
  readonly #counts: Int32Array;
  readonly #maxVisits: number;
  #left = new Float64Array();
  #visits = 0;

  constructor(
    problem: Problem,
    { items, values, demand, maxVisits }: {
      readonly items: readonly number[];
      readonly values: Float64Array;
      readonly demand: Int32Array;
      readonly maxVisits: number;
    },
  ) {
    this.#maxVisits = maxVisits;
    this.#problem = problem;
    this.#items = items;
    this.#values = values;
    this.#demand = demand;
    this.#counts = new Int32Array(problem.items.length);
  }

  /** Reports fillings that have the first item; returns how many nodes were visited. */
  fill(
    room: Float64Array,
    leastValue: number,
    report: (counts: Int32Array, value: number) => void,
  ): number {
    this.#left = room.slice();
    this.#visit(0, { value: 0, leastValue, report });
    return this.#visits;
  }

  #visit(
    position: number,
    state: {
      readonly value: number;
      readonly leastValue: number;
      readonly report: (counts: Int32Array, value: number) => void;
    },
  ): void {
    this.#visits += 1;
    const item = this.#items[position];
    if (item === undefined) {
      if (state.value > state.leastValue) state.report(this.#counts.slice(), state.value);
      return;
    }
    if (state.value + this.#bound(position) <= state.leastValue) return;
    if (this.#visits > this.#maxVisits) return;
    const size = this.#problem.items[item]?.size ?? this.#left;
    const value = this.#values[item] ?? 0;
    for (let count = this.#most(item, size); count >= (position === 0 ? 1 : 0); count--) {
      this.#take(size, count);
      this.#counts[item] = count;
      this.#visit(position + 1, { ...state, value: state.value + count * value });
      this.#take(size, -count);
    }
    this.#counts[item] = 0;
  }

  #most(item: number, size: Float64Array): number {
    let most = this.#demand[item] ?? 0;
    for (let dimension = 0; dimension < size.length; dimension++) {
      const needed = size[dimension] ?? 0;
      if (needed > 0) most = Math.min(most, Math.floor((this.#left[dimension] ?? 0) / needed));
    }
    return most;
  }

  #take(size: Float64Array, count: number): void {
    for (let dimension = 0; dimension < size.length; dimension++) {
      this.#left[dimension] = (this.#left[dimension] ?? 0) - count * (size[dimension] ?? 0);
    }
  }

  /** The most that items from `position` on can add, by the scarcest dimension. */
  #bound(position: number): number {
    let bound = Infinity;
    for (let dimension = 0; dimension < this.#left.length; dimension++) {
      const left = this.#left[dimension] ?? 0;
      let density = 0;
      let free = 0;
      for (let later = position; later < this.#items.length; later++) {
        const item = this.#items[later] ?? 0;
        const needed = this.#problem.items[item]?.size[dimension] ?? 0;
        const value = this.#values[item] ?? 0;
        if (needed === 0) free += value * (this.#demand[item] ?? 0);
        else if (needed <= left) density = Math.max(density, value / needed);
      }
      bound = Math.min(bound, free + left * density);
    }
    return bound;
  }
}
