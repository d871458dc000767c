/**
 * Counts in sentences.
 *
 * @module
 */

/** `1 pod`, `2 pods`. @param count A number, or text that is one. */
export function countOf(count: number | string, noun: string): string {
  return `${count} ${noun}${String(count) === "1" ? "" : "s"}`;
}
