/**
 * Asks before anything ends.
 *
 * @module
 */

import { UsageError } from "../plugin_error.ts";
import type { Io } from "../io.ts";

/**
 * Whether the user agrees.
 *
 * @param question Without `[y/N]`.
 * @param yes Whether they have agreed already, by `--yes`.
 * @throws {UsageError} If there is nobody to ask.
 */
export function askAgreement(io: Io, question: string, yes: boolean): boolean {
  if (yes) return true;
  const answer = io.ask(`${question} [y/N]: `);
  if (answer === undefined) {
    throw new UsageError("teardown asks before it ends machines, and stdin is no terminal", [
      "Look at what would end with --dry-run=client, then add --yes.",
    ]);
  }
  if (/^y(es)?$/i.test(answer)) return true;
  io.message("Nothing was changed.");
  return false;
}
