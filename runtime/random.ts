/**
 * Randomness as a collaborator, so that jitter and names can be seeded in simulations.
 *
 * @module
 */

/** Where randomness comes from. Not for secrets: those come from the platform's cryptographic source. */
export interface Random {
  /** A number in `[0, 1)`. */
  next(): number;
}

/** The platform's pseudo-random numbers. */
export const systemRandom: Random = { next: () => Math.random() };

/** A small, fast, seeded generator (mulberry32): the same seed gives the same sequence. */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    },
  };
}

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A word of `length` lower-case letters and digits, starting with a letter. */
export function randomWord(random: Random, length: number): string {
  let word = "";
  for (let index = 0; index < length; index++) {
    const choices = index === 0 ? 26 : alphabet.length;
    word += alphabet.charAt(Math.floor(random.next() * choices));
  }
  return word;
}
