/**
 * Finds the patterns worth using and how often, when fractions are allowed.
 *
 * @module
 */

import { fillMachine } from "./knapsack.ts";
import { type Column, MasterProgram } from "./master_program.ts";
import { findCheapestKind, type Pattern, type Problem } from "./model.ts";

/** Rounds of inventing patterns; a limit against endless tiny gains, far beyond what mixes need. */
const maxRounds = 200;
/** Pivots per round; a few dozen are usual. */
const maxPivots = 500;
/** A pattern is invented only if it saves at least this share of its cost, where the bound matters. */
const exactSaving = 1e-6;
/** New patterns per round after which the remaining kinds wait: prices have moved by then. */
const patternsPerRound = 8;

/** A fractional solution. */
export interface FractionalSolution {
  /** All patterns known at the end, seeds included. */
  readonly patterns: readonly Pattern[];
  /** Patterns in use and how often. */
  readonly used: readonly { readonly pattern: Pattern; readonly amount: number }[];
  /** Its cost; no whole solution is cheaper, up to the limits above. */
  readonly cost: number;
  /** What covering one more of each item would cost; zero for items not in demand. */
  readonly values: Float64Array;
}

/** How to search. */
export interface FractionalOptions {
  /** Patterns to start with. @default none */
  readonly seeds?: readonly Pattern[];
  /**
   * The share of a pattern's cost that it must save to be worth inventing. A larger one is faster, and
   * the cost is no bound any more. @default 1e-6
   */
  readonly minSaving?: number;
}

/**
 * Solves the fractional problem for a demand.
 *
 * @param demand How often each item must be covered; at least one of them more than zero.
 */
export function solveFractionally(
  problem: Problem,
  demand: Int32Array,
  { seeds = [], minSaving = exactSaving }: FractionalOptions = {},
): FractionalSolution {
  // Rows are the items in demand only.
  const rows = [...demand.keys()].filter((item) => (demand[item] ?? 0) > 0);
  const toColumn = ({ kind, counts }: Pattern): Column => ({
    cost: problem.kinds[kind]?.cost ?? Infinity,
    counts: Int32Array.from(rows, (item) => counts[item] ?? 0),
  });
  const patterns = rows.map((item) => fillAlone(problem, item, demand));
  const program = new MasterProgram(
    Int32Array.from(rows, (item) => demand[item] ?? 0),
    patterns.map(toColumn),
  );
  const add = (pattern: Pattern) => {
    patterns.push(pattern);
    program.add(toColumn(pattern));
  };
  seeds.forEach(add);
  const values = new Float64Array(problem.items.length);
  let firstKind = 0;
  for (let round = 0; round < maxRounds; round++) {
    program.optimise(maxPivots);
    const duals = program.duals();
    for (const [row, item] of rows.entries()) values[item] = duals[row] ?? 0;
    let invented = 0;
    for (let offset = 0; offset < problem.kinds.length; offset++) {
      const kind = (firstKind + offset) % problem.kinds.length;
      const cost = problem.kinds[kind]?.cost ?? Infinity;
      const filling = fillMachine(problem, kind, { values, demand, least: cost * (1 + minSaving) });
      if (!filling) continue;
      add({ kind, counts: filling.counts });
      invented += 1;
      if (invented === patternsPerRound) {
        firstKind = (kind + 1) % problem.kinds.length;
        break;
      }
    }
    if (invented === 0) break;
  }
  const used = program.solution().flatMap(({ column, amount }) => {
    const pattern = patterns[column];
    return pattern ? [{ pattern, amount }] : [];
  });
  return { patterns, used, cost: program.objective(), values };
}

/** As many copies of one item as fit on the kind where a copy is cheapest. */
function fillAlone(problem: Problem, item: number, demand: Int32Array): Pattern {
  const most = demand[item] ?? 0;
  let best: { readonly pattern: Pattern; readonly costPerCopy: number } | undefined;
  for (const [kind, { cost, room }] of problem.kinds.entries()) {
    const { size, allowed } = problem.items[item] ?? { size: room, allowed: new Uint8Array() };
    if (!allowed[kind]) continue;
    let copies = most;
    for (const [dimension, needed] of size.entries()) {
      if (needed > 0) copies = Math.min(copies, Math.floor((room[dimension] ?? 0) / needed));
    }
    if (copies === 0 || (best && cost / copies >= best.costPerCopy)) continue;
    const counts = new Int32Array(problem.items.length);
    counts[item] = copies;
    best = { pattern: { kind, counts }, costPerCopy: cost / copies };
  }
  if (!best) throw new RangeError(`Cannot pack item ${item}: it fits on no kind of machine`);
  return best.pattern;
}

/** The pattern cut down to a demand, on the cheapest kind that still holds it; `undefined` if empty. */
export function trimPattern(
  problem: Problem,
  pattern: Pattern,
  demand: Int32Array,
): Pattern | undefined {
  const counts = pattern.counts.map((count, item) => Math.min(count, demand[item] ?? 0));
  if (counts.every((count) => count === 0)) return undefined;
  if (counts.every((count, item) => count === pattern.counts[item])) return pattern;
  return { kind: findCheapestKind(problem, counts) ?? pattern.kind, counts };
}
