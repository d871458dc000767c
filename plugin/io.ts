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
  /**
   * Asks the person at the terminal, on stderr.
   *
   * @param question One line, with the space after it.
   * @returns What was typed, without white space around it; `undefined` if there is nobody to ask.
   */
  ask(question: string): string | undefined;
  /** Width of the terminal in columns; `undefined` when stdout is none: then nothing is cut. */
  readonly columns: number | undefined;
}
