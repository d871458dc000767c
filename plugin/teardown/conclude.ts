/**
 * What the looks at the accounts add up to.
 *
 * @module
 */

import { type ExitCode, exitCodes } from "../exit_code.ts";
import { describeCost } from "../instances/machine_row.ts";
import type { Io } from "../io.ts";
import { DeadlineError } from "./until_deadline.ts";
import type { EndingResult } from "./machine_ending.ts";

/**
 * Says what is left in the accounts for which that is not nothing.
 *
 * @param reason Why the work was cut off; `undefined` if it was not.
 * @returns The exit status; `ok` if surely nothing is left in any of them.
 */
export function concludeEndings(
  io: Io,
  results: readonly EndingResult[],
  reason: unknown,
): ExitCode {
  const unfinished = results.filter(({ problem }) => problem !== undefined);
  for (const { label, problem, left } of unfinished) {
    io.message(`${label}: ${left.length > 0 ? `left: ${describeCost(left)}` : problem}`);
    for (const { name, id, rawState } of left) {
      io.message(`  ${name ?? "<none>"}   ${id}   ${rawState}`);
    }
  }
  if (unfinished.length === 0) return exitCodes.ok;
  if (reason instanceof DeadlineError) return exitCodes.timedOut;
  return unfinished.every(({ notAllowed }) => notAllowed)
    ? exitCodes.notAllowed
    : exitCodes.failure;
}
