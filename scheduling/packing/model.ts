/**
 * The packing problem: buy machines so that every item has room, for the least money.
 *
 * @module
 */

/** Items that are alike. */
export interface Item {
  /** How many there are; at least 1. */
  readonly count: number;
  /** What one takes, dimension by dimension. */
  readonly size: Float64Array;
  /** Which machine kinds it may be put on, by index: 1 or 0. */
  readonly allowed: Uint8Array;
}

/** A kind of machine, of which any number can be bought. */
export interface MachineKind {
  /** More than zero. */
  readonly cost: number;
  /** What one offers, dimension by dimension. */
  readonly room: Float64Array;
}

/** A packing problem. */
export interface Problem {
  readonly items: readonly Item[];
  readonly kinds: readonly MachineKind[];
}

/** One way to fill one machine: `counts[i]` of item `i` on kind `kind`. */
export interface Pattern {
  readonly kind: number;
  readonly counts: Int32Array;
}

/** Whether `counts` of the items fit on a kind. */
export function fits(problem: Problem, kind: number, counts: Int32Array): boolean {
  const room = problem.kinds[kind]?.room;
  if (!room) return false;
  const load = new Float64Array(room.length);
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index] ?? 0;
    const item = problem.items[index];
    if (count === 0 || !item) continue;
    if (item.allowed[kind] === 0) return false;
    for (let dimension = 0; dimension < room.length; dimension++) {
      load[dimension] = (load[dimension] ?? 0) + count * (item.size[dimension] ?? 0);
    }
  }
  return load.every((amount, dimension) => amount <= (room[dimension] ?? 0));
}

/** The cheapest kind on which `counts` fit, the first among equals; `undefined` if there is none. */
export function findCheapestKind(problem: Problem, counts: Int32Array): number | undefined {
  let best: number | undefined;
  let bestCost = Infinity;
  for (const [kind, { cost }] of problem.kinds.entries()) {
    if (cost < bestCost && fits(problem, kind, counts)) {
      best = kind;
      bestCost = cost;
    }
  }
  return best;
}

/** What patterns cost together. */
export function totalCost(problem: Problem, patterns: readonly Pattern[]): number {
  return patterns.reduce((sum, { kind }) => sum + (problem.kinds[kind]?.cost ?? 0), 0);
}
