/**
 * What live tests tell whoever runs them.
 *
 * @module
 */

/** Prints one line. */
export function say(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}
