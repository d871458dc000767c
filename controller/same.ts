/**
 * Whether two plain values say the same, so that nothing is written that is written already.
 *
 * @module
 */

/** Deep equality of JSON-like values; key order is irrelevant, `undefined` means absent. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || !left || !right) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && left.length === right.length &&
      left.every((value, index) => isSame(value, right[index]));
  }
  const leftEntries = Object.entries(left).filter(([, value]) => value !== undefined);
  const rightValues = new Map(Object.entries(right).filter(([, value]) => value !== undefined));
  return leftEntries.length === rightValues.size &&
    leftEntries.every(([key, value]) =>
      rightValues.has(key) && isSame(value, rightValues.get(key))
    );
}
