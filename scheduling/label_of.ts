/**
 * Looking up labels.
 *
 * @module
 */

/**
 * The value of a label; `undefined` where there is none. A label may well be called "constructor", which
 * every JavaScript object inherits.
 */
export function labelOf(
  labels: Readonly<Record<string, string>>,
  key: string,
): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
