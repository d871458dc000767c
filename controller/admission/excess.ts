/**
 * Bounds on what is read at all: a body may hold a million values where sixteen are allowed, and reading
 * them only to list a million mistakes would cost more than the answer is worth.
 *
 * @module
 */

/** Far above the largest object that the schemas allow (some 6,000 values). */
const maxValues = 20_000;
/** The longest text that the schemas allow has 65,536 characters. */
const maxTextLength = 100_000;

/** What is too much in a decoded JSON value, for people; `undefined` if nothing is. */
export function findExcess(root: unknown): string | undefined {
  let count = 0;
  // Not by recursion: depth is not bounded either.
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string") {
      if (value.length > maxTextLength) return `holds a text of ${value.length} characters`;
      continue;
    }
    if (typeof value !== "object" || value === null) continue;
    const members = Array.isArray(value) ? value : Object.values(value);
    count += members.length;
    if (count > maxValues) return `holds more than ${maxValues} values`;
    for (const member of members) waiting.push(member);
  }
  return undefined;
}
