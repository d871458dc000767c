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

function covers(large: ArrayLike<number>, small: ArrayLike<number>): boolean {
  for (let index = 0; index < small.length; index++) {
    if ((large[index] ?? 0) < (small[index] ?? 0)) return false;
  }
  return true;
}
