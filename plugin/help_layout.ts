/**
 * How help is laid out.
 *
 * @module
 */

/** A heading and its lines. */
export function section(heading: string, lines: readonly string[]): string {
  return [`${heading}:`, ...lines].join("\n");
}

/** Parts with an empty line between them. */
export function paragraphs(parts: readonly string[]): string {
  return parts.join("\n\n") + "\n";
}
