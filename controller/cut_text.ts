/**
 * Text that has to fit into a field.
 *
 * @module
 */

/**
 * The text, or its start and an ellipsis. Halves of characters are replaced, as the API server does: what
 * it stores would never be what we wrote.
 *
 * @param length Most characters; 1 or more.
 */
export function cutText(text: string, length: number): string {
  return (text.length <= length ? text : `${text.slice(0, length - 1)}…`).toWellFormed();
}
