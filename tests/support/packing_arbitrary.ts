/**
 * Arbitrary packing problems in which every item fits on some kind.
 *
 * @module
 */

import fc from "fast-check";
import type { Problem } from "../../scheduling/packing/model.ts";

/** Problems of two dimensions with at most `copies` copies in all. */
export function problemArbitrary(copies: number): fc.Arbitrary<Problem> {
  const kind = fc.record({
    cost: fc.integer({ min: 1, max: 100 }),
    room: fc.tuple(fc.constantFrom(1, 2, 4, 8), fc.integer({ min: 1, max: 40 })),
  });
  const item = fc.record({
    size: fc.tuple(fc.constantFrom(0, 1, 1, 2, 4), fc.integer({ min: 1, max: 12 })),
    forbidden: fc.array(fc.nat(), { maxLength: 2 }),
  });
  return fc.record({
    kinds: fc.array(kind, { minLength: 1, maxLength: 6 }),
    items: fc.array(item, { minLength: 1, maxLength: 5 }),
    picks: fc.array(fc.nat(), { minLength: 1, maxLength: copies }),
  }).map(({ kinds, items, picks }): Problem => ({
    kinds: [
      ...kinds.map(({ cost, room }) => ({ cost, room: Float64Array.from(room) })),
      // Something fits everything, at a price.
      { cost: 150, room: Float64Array.of(8, 40) },
    ],
    items: items.map(({ size, forbidden }, index) => ({
      count: picks.filter((pick) => pick % items.length === index).length,
      size: Float64Array.from(size),
      allowed: Uint8Array.from(
        { length: kinds.length + 1 },
        (_, kind) => forbidden.some((bad) => kind < kinds.length && bad % 7 === kind) ? 0 : 1,
      ),
    })).filter(({ count }) => count > 0),
  }));
}
