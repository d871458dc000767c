/**
 * Leaves out kinds of machines that another kind replaces at no loss.
 *
 * @module
 */

import type { MachineKind, Problem } from "./model.ts";

/** A smaller problem with the same optimum. */
export interface ReducedProblem {
  readonly problem: Problem;
  /** Per kind of the smaller problem: its index in the larger one. */
  readonly kinds: readonly number[];
}

/**
 * Drops kinds on which no item is allowed, and kinds that cost at least as much as another which has
 * at least as much room and takes at least the same items. Among equals the first stays.
 */
export function reduceKinds({ items, kinds }: Problem): ReducedProblem {
  const masks = kinds.map((_, kind) => Uint8Array.from(items, ({ allowed }) => allowed[kind] ?? 0));
  const byCost = [...kinds.keys()].sort((left, right) =>
    (kinds[left]?.cost ?? 0) - (kinds[right]?.cost ?? 0) || left - right
  );
  const kept: number[] = [];
  for (const kind of byCost) {
    const mask = masks[kind];
    const machine = kinds[kind];
    if (!mask || !machine || mask.every((bit) => bit === 0)) continue;
    const dominated = kept.some((other) => {
      const [otherMask, otherMachine] = [masks[other], kinds[other]];
      return otherMask && otherMachine && covers(otherMask, mask) &&
        covers(otherMachine.room, machine.room);
    });
    if (!dominated) kept.push(kind);
  }
  const selected: MachineKind[] = kept.flatMap((kind) => kinds[kind] ?? []);
  const reduced = items.map((item) => ({
    ...item,
    allowed: Uint8Array.from(kept, (kind) => item.allowed[kind] ?? 0),
  }));
  return { problem: { items: reduced, kinds: selected }, kinds: kept };
}

/**
 * Keeps about `most` kinds of a problem that has more: for each item those on which a copy of it is
 * cheapest, by itself and among its like, and for the rest those on which the whole demand, in its proportions, is cheapest. Clouds
 * that sell hundreds of sizes price them alike, so that little is lost.
 */
export function shortlistKinds({ problem, kinds }: ReducedProblem, most: number): ReducedProblem {
  const { items } = problem;
  if (problem.kinds.length <= most) return { problem, kinds };
  const perItem = Math.max(1, Math.floor(most / kindsPerChoice));
  const kept = new Set<number>();
  for (const item of items) {
    const costs = problem.kinds.map(({ cost, room }, kind) => {
      const copies = item.allowed[kind] ? copiesIn(room, item.size, item.count) : 0;
      return copies > 0 ? cost / copies : Infinity;
    });
    for (const kind of cheapest(costs, perItem)) kept.add(kind);
    const alone = problem.kinds.map(({ cost }, kind) =>
      (costs[kind] ?? 0) < Infinity ? cost : Infinity
    );
    for (const kind of cheapest(alone, 1)) kept.add(kind);
  }
  const total = totalSize(problem);
  const shares = problem.kinds.map(({ cost, room }) => cost / copiesIn(room, total, Infinity));
  for (const kind of cheapest(shares, problem.kinds.length)) {
    if (kept.size >= most) break;
    kept.add(kind);
  }
  const selected = [...kept].sort((left, right) => left - right);
  return {
    problem: {
      kinds: selected.flatMap((kind) => problem.kinds[kind] ?? []),
      items: items.map((item) => ({
        ...item,
        allowed: Uint8Array.from(selected, (kind) => item.allowed[kind] ?? 0),
      })),
    },
    kinds: selected.flatMap((kind) => kinds[kind] ?? []),
  };
}

/** One kind for each item is kept per so many in all, whatever they are worth to others. */
const kindsPerChoice = 32;

/** How many times `size` fits into `room`, in whole copies up to `most`; fractions if that is endless. */
function copiesIn(room: Float64Array, size: Float64Array, most: number): number {
  let copies = most;
  for (const [dimension, needed] of size.entries()) {
    if (needed > 0) copies = Math.min(copies, (room[dimension] ?? 0) / needed);
  }
  return most === Infinity ? copies : Math.floor(copies);
}

function totalSize({ items }: Problem): Float64Array {
  const total = new Float64Array(items[0]?.size.length ?? 0);
  for (const { count, size } of items) {
    for (const [dimension, needed] of size.entries()) {
      total[dimension] = (total[dimension] ?? 0) + count * needed;
    }
  }
  return total;
}

/** Indices of the smallest finite costs, ascending. */
function cheapest(costs: readonly number[], count: number): readonly number[] {
  return [...costs.keys()].filter((index) => Number.isFinite(costs[index]))
    .sort((left, right) => (costs[left] ?? 0) - (costs[right] ?? 0) || left - right)
    .slice(0, count);
}

function covers(large: ArrayLike<number>, small: ArrayLike<number>): boolean {
  for (let index = 0; index < small.length; index++) {
    if ((large[index] ?? 0) < (small[index] ?? 0)) return false;
  }
  return true;
}
