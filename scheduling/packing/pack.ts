/**
 * Solves a packing problem: near the optimum always, at it nearly always for batches of dozens.
 *
 * @module
 */

import { closeGap } from "./close_gap.ts";
import { solveFractionally } from "./column_generation.ts";
import { dive, type WholeSolution } from "./dive.ts";
import { findCheapestKind, type Pattern, type Problem, totalCost } from "./model.ts";
import { reduceKinds, shortlistKinds } from "./reduce.ts";

/**
 * How hard to try. The defaults solve 10–40 GPU pods on 50 offers in a few milliseconds, at 1.001 times
 * the optimum on average (measured by `tests/bench/scheduling_cost.ts`).
 */
export interface Effort {
  /** More kinds of items than this are packed in portions. */
  readonly itemsAtOnce: number;
  /** Of more kinds of machines than this only the most promising are considered. */
  readonly kindsAtOnce: number;
  /** More copies than this first have the whole part of the fractional solution bought. */
  readonly copiesAtOnce: number;
  /** Nodes that the search for a better solution may visit. */
  readonly maxVisits: number;
}

/** The usual effort. */
export const defaultEffort: Effort = Object.freeze({
  itemsAtOnce: 64,
  kindsAtOnce: 64,
  copiesAtOnce: 80,
  maxVisits: 30_000,
});

/** For machines without devices: many sizes at nearly the same price per core, so that less will do. */
export const lightEffort: Effort = Object.freeze({
  itemsAtOnce: 64,
  kindsAtOnce: 16,
  copiesAtOnce: 40,
  maxVisits: 3_000,
});

/**
 * Packs all items; every item must be allowed and fit on some kind.
 *
 * Items that are many are first bought by the whole part of the fractional solution, which is as cheap
 * per item as can be; only the rest, at most one machine per kind of item, needs a search.
 *
 * @throws {RangeError} If an item fits on no kind.
 */
export function pack(problem: Problem, effort: Effort = defaultEffort): readonly Pattern[] {
  const portions = splitItems(problem, effort.itemsAtOnce);
  return portions.flatMap((items) => packPortion(problem, items, effort));
}

function packPortion(
  problem: Problem,
  portion: readonly number[],
  effort: Effort,
): readonly Pattern[] {
  const items = portion.flatMap((item) => problem.items[item] ?? []);
  const reduced = shortlistKinds(
    reduceKinds({ items, kinds: problem.kinds }),
    effort.kindsAtOnce,
  );
  const patterns = packReduced(reduced.problem, effort);
  return patterns.map(({ kind, counts }) => {
    const all = new Int32Array(problem.items.length);
    for (const [position, item] of portion.entries()) all[item] = counts[position] ?? 0;
    return { kind: reduced.kinds[kind] ?? 0, counts: all };
  });
}

function packReduced(problem: Problem, { copiesAtOnce, maxVisits }: Effort): readonly Pattern[] {
  const demand = Int32Array.from(problem.items, ({ count }) => count);
  const bought: Pattern[] = [];
  if (sum(demand) > copiesAtOnce) {
    const { used } = solveFractionally(problem, demand);
    for (const { pattern, amount } of used) {
      for (let copy = Math.floor(amount + 1e-6); copy > 0; copy--) {
        // Two patterns in use may share an item that is demanded less often than both cover it.
        if (!pattern.counts.every((count, item) => count <= (demand[item] ?? 0))) break;
        bought.push(pattern);
        for (const [item, count] of pattern.counts.entries()) {
          demand[item] = (demand[item] ?? 0) - count;
        }
      }
    }
  }
  const left = [...demand.keys()].filter((item) => (demand[item] ?? 0) > 0);
  if (left.length === 0) return bought;
  const rest = reduceKinds({
    items: left.flatMap((index) => {
      const item = problem.items[index];
      return item ? [{ ...item, count: demand[index] ?? 0 }] : [];
    }),
    kinds: problem.kinds,
  });
  for (const { kind, counts } of packRest(rest.problem, maxVisits)) {
    const all = new Int32Array(problem.items.length);
    for (const [position, item] of left.entries()) all[item] = counts[position] ?? 0;
    bought.push({ kind: rest.kinds[kind] ?? 0, counts: all });
  }
  return bought;
}

function packRest(problem: Problem, maxVisits: number): readonly Pattern[] {
  const solution = dive(problem);
  const alone = packAlone(problem);
  if (totalCost(problem, alone) < totalCost(problem, solution.machines)) {
    // Rounding can go astray; what needs no cleverness at all must never be cheaper.
    return closeFrom(problem, { ...solution, machines: alone }, maxVisits);
  }
  return closeFrom(problem, solution, maxVisits);
}

function closeFrom(
  problem: Problem,
  solution: WholeSolution,
  maxVisits: number,
): readonly Pattern[] {
  const cost = totalCost(problem, solution.machines);
  if (cost <= solution.bound * (1 + 1e-6)) return solution.machines;
  return closeGap(problem, { ...solution, cost, maxVisits }).machines;
}

/** A machine for each copy. */
function packAlone(problem: Problem): readonly Pattern[] {
  return problem.items.flatMap(({ count }, item) => {
    const counts = new Int32Array(problem.items.length);
    counts[item] = 1;
    const kind = findCheapestKind(problem, counts);
    return kind === undefined ? [] : Array.from({ length: count }, () => ({ kind, counts }));
  });
}

/** Portions of at most `size` items; alike ones stay together, since they share machines best. */
function splitItems({ items }: Problem, size: number): readonly (readonly number[])[] {
  const indices = [...items.keys()];
  if (items.length <= size) return [indices];
  const keys = items.map(({ allowed }) => allowed.join(""));
  indices.sort((left, right) => {
    const [leftKey = "", rightKey = ""] = [keys[left], keys[right]];
    return leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : left - right;
  });
  const portions: number[][] = [];
  for (let start = 0; start < indices.length; start += size) {
    portions.push(indices.slice(start, start + size));
  }
  return portions;
}

function sum(counts: Int32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
