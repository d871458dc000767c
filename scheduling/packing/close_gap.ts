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

import { enumerateFillings } from "./fillings.ts";
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

/** The best solution known in the end. */
export interface ClosedGap {
  readonly machines: readonly Pattern[];
  /** Whether the search was complete, so that no solution is cheaper (by more than a millionth). */
  readonly isOptimal: boolean;
}

/** Searches for something cheaper; the known solution stays if there is nothing or time is up. */
export function closeGap(problem: Problem, gap: Gap): ClosedGap {
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

  run(): ClosedGap {
    this.#cover(0);
    return { machines: this.#best, isOptimal: this.#visits <= this.#maxVisits };
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
    for (const [kind, { cost }] of this.#problem.kinds.entries()) {
      if (this.#problem.items[item]?.allowed[kind] !== 1) continue;
      const least = cost - slack;
      const query = {
        kind,
        values: this.#values,
        withWorthless: true,
        demand: this.#demand,
        least,
        required: item,
        maxVisits: this.#maxVisits - this.#visits,
      };
      this.#visits += enumerateFillings(this.#problem, query, (counts, value) => {
        const waste = Math.max(0, cost - value);
        found.push({ pattern: { kind, counts: counts.slice() }, waste });
        return least;
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
