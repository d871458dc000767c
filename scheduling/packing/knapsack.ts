/**
 * The most valuable way to fill one machine.
 *
 * @module
 */

import { enumerateFillings } from "./fillings.ts";
import type { Problem } from "./model.ts";

/**
 * Visited nodes after which the search settles for the best filling found so far. Machines hold few
 * GPUs, so that a search ends long before this; it guards against machines for hundreds of small pods,
 * where the first, greedy filling is nearly as good.
 */
const maxVisits = 1000;

/** A filling and its value. */
export interface Filling {
  readonly value: number;
  readonly counts: Int32Array;
}

/**
 * Fills one machine of `kind` with at most `demand[i]` of item `i`, each worth `values[i]`, so that the
 * total value is the largest.
 *
 * @param least Fillings worth no more than this are of no interest. @default 0
 * @returns `undefined` if no filling is worth more.
 */
export function fillMachine(
  problem: Problem,
  kind: number,
  { values, demand, least = 0 }: {
    readonly values: Float64Array;
    readonly demand: Int32Array;
    readonly least?: number;
  },
): Filling | undefined {
  let best: Filling | undefined;
  const query = { kind, values, withWorthless: false, demand, least, maxVisits };
  enumerateFillings(problem, query, (counts, value) => {
    best = { value, counts: counts.slice() };
    return value;
  });
  return best;
}
