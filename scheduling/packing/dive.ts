/**
 * From a fractional solution to whole machines.
 *
 * @module
 */

import { solveFractionally, trimPattern } from "./column_generation.ts";
import { findCheapestKind, type Pattern, type Problem } from "./model.ts";

/** After the first step only the direction matters, not the last tenth of a percent. */
const roughSaving = 1e-3;

/** Whole machines, and what no solution can undercut. */
export interface WholeSolution {
  readonly machines: readonly Pattern[];
  /** Cost of the fractional optimum. */
  readonly bound: number;
  /** What one more of each item costs in the fractional optimum. */
  readonly values: Float64Array;
}

/**
 * Rounds by diving: keeps the whole part of the fractional solution, or else the one pattern that is
 * nearest to whole, and solves again for what is left.
 */
export function dive(problem: Problem): WholeSolution {
  const demand = Int32Array.from(problem.items, ({ count }) => count);
  const machines: Pattern[] = [];
  let seeds: readonly Pattern[] = [];
  let root: { readonly bound: number; readonly values: Float64Array } | undefined;
  while (demand.some((count) => count > 0)) {
    const { used, cost, patterns, values } = solveFractionally(problem, demand, {
      seeds,
      ...(root ? { minSaving: roughSaving } : {}),
    });
    root ??= { bound: cost, values };
    const whole = used.flatMap(({ pattern, amount }) => repeat(pattern, Math.floor(amount + 1e-6)));
    const [nearest] = [...used].sort((left, right) => right.amount - left.amount);
    const chosen = whole.length > 0 ? whole : nearest ? [nearest.pattern] : [];
    for (const pattern of chosen) {
      const machine = trimPattern(problem, pattern, demand);
      if (!machine) continue;
      const kind = findCheapestKind(problem, machine.counts) ?? machine.kind;
      machines.push({ kind, counts: machine.counts });
      for (const [item, count] of machine.counts.entries()) {
        demand[item] = (demand[item] ?? 0) - count;
      }
    }
    seeds = trimAll(problem, patterns, demand);
  }
  return { machines, bound: 0, values: new Float64Array(problem.items.length), ...root };
}

function repeat(pattern: Pattern, times: number): readonly Pattern[] {
  return Array.from({ length: times }, () => pattern);
}

function trimAll(
  problem: Problem,
  patterns: readonly Pattern[],
  demand: Int32Array,
): readonly Pattern[] {
  const trimmed = new Map<string, Pattern>();
  for (const pattern of patterns) {
    const cut = trimPattern(problem, pattern, demand);
    if (cut) trimmed.set(`${cut.kind}:${cut.counts.join()}`, cut);
  }
  return [...trimmed.values()];
}
