/**
 * Sets of small integers, 32 to a word.
 *
 * @module
 */

/** Members are the numbers of the bits that are set. */
export type Bitset = Uint32Array;

/** An empty set that can hold numbers below `size`. */
export function createBitset(size: number): Bitset {
  return new Uint32Array((size + 31) >>> 5);
}

/** Adds a number. */
export function addBit(bits: Bitset, bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
}

/** Whether a number is in the set. */
export function hasBit(bits: Bitset, bit: number): boolean {
  return ((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
}

/** Removes from `bits` what `other` does not have. */
export function keepBits(bits: Bitset, other: Bitset): void {
  for (let word = 0; word < bits.length; word++) {
    bits[word] = (bits[word] ?? 0) & (other[word] ?? 0);
  }
}

/** The smallest member at or above `from` that both sets have; -1 if there is none. */
export function nextCommonBit(from: number, first: Bitset, second: Bitset = first): number {
  let word = from >>> 5;
  let bits = (first[word] ?? 0) & (second[word] ?? 0) & (-1 << (from & 31));
  while (bits === 0) {
    word += 1;
    if (word >= first.length) return -1;
    bits = (first[word] ?? 0) & (second[word] ?? 0);
  }
  return (word << 5) + 31 - Math.clz32(bits & -bits);
}
