/**
 * One line from a terminal.
 *
 * @module
 */

/** A terminal sends a line at a time, and none is longer (`N_TTY_BUF_SIZE` of Linux). */
const longestLine = 4_096;

/**
 * Reads a line and waits for it.
 *
 * @returns The line without white space around it; empty at the end of the input (Ctrl-D).
 */
export function readAnswer(stream: { readSync(buffer: Uint8Array): number | null }): string {
  const buffer = new Uint8Array(longestLine);
  const count = stream.readSync(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, count)).trim();
}
