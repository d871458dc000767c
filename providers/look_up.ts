/**
 * Tables by a vendor's words.
 *
 * @module
 */

/**
 * The entry of a table under a word; `undefined` if it has none. A word of a vendor's may be one that
 * every object knows (`constructor`), and then a plain look would find what no table holds.
 */
export function lookUp<Value>(
  table: Readonly<Record<string, Value>>,
  word: string,
): Value | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
