/**
 * Where a command's output goes: data to stdout, messages to stderr.
 *
 * @module
 */

/** The terminal, a pipe, or a test. */
export interface Io {
  /** Writes to stdout as it is. */
  out(text: string): void;
  /** Writes one line to stderr. */
  message(line: string): void;
  /** Width of the terminal in columns; `undefined` when stdout is none: then nothing is cut. */
  readonly columns: number | undefined;
}
