/**
 * The optimum of a small packing problem, by trying everything: the oracle for `scheduling/packing/`.
 *
 * @module
 */

import type { Problem } from "../../scheduling/packing/model.ts";

/** The least cost that covers all items; `Infinity` if an item fits nowhere. For about ten copies. */
export function solveExactly({ items, kinds }: Problem): number {
  const known = new Map<string, number>();
  const cover = (left: readonly number[]): number => {
    const first = left.findIndex((count) => count > 0);
    if (first < 0) return 0;
    const key = left.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    let best = Infinity;
    for (const [kind, { cost, room }] of kinds.entries()) {
      for (
        const counts of fillings({ items, kinds }, kind, { left, room: [...room], item: first })
      ) {
        if (counts[first] === 0) continue;
        best = Math.min(best, cost + cover(left.map((count, item) => count - (counts[item] ?? 0))));
      }
    }
    known.set(key, best);
    return best;
  };
  return cover(items.map(({ count }) => count));
}

/** Every way to fill a machine, from an item on. */
function* fillings(
  problem: Problem,
  kind: number,
  { left, room, item }: {
    readonly left: readonly number[];
    readonly room: readonly number[];
    readonly item: number;
  },
): Generator<number[]> {
  const current = problem.items[item];
  if (!current) {
    yield left.map(() => 0);
    return;
  }
  const most = current.allowed[kind] ? left[item] ?? 0 : 0;
  for (let count = 0; count <= most; count++) {
    const rest = room.map((amount, dimension) => amount - count * (current.size[dimension] ?? 0));
    if (rest.some((amount) => amount < 0)) break;
    for (const others of fillings(problem, kind, { left, room: rest, item: item + 1 })) {
      others[item] = count;
      yield others;
    }
  }
}
