/**
 * Free text with a length.
 *
 * @module
 */

import { z } from "zod";

/** How long a text may be, in characters: code points, as the API server counts. */
export interface TextBounds {
  /** @default {0} */
  readonly min?: number;
  readonly max: number;
}

/**
 * A text of a length. zod's own `max` counts UTF-16 units, two for an emoji: it would refuse to read what
 * the API server took.
 */
export function text({ min = 0, max }: TextBounds): z.ZodString {
  const base = min === 0 ? z.string() : z.string().min(min);
  return base.refine((value) => isWithin(value, max), {
    error: `must have at most ${max} characters`,
    params: { maxCharacters: max },
  });
}

/** Whether a text has at most so many characters. */
export function isWithin(value: string, max: number): boolean {
  // Most texts are short, and then there is nothing to count.
  return value.length <= max || (value.length <= 2 * max && [...value].length <= max);
}
