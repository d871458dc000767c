/**
 * What one pass found out about one entry of a class.
 *
 * @module
 */

import { type Account, decideLastingProblem, type Problem } from "../accounts/account.ts";

/** See the module. */
export interface EntryFinding {
  readonly name: string;
  readonly provider: string;
  /** Whether the class says that it may buy. */
  readonly enabled: boolean;
  /** Why the entry has no working client, if it has none. */
  readonly problem: Problem | undefined;
  readonly account: Account | undefined;
  /** Of the key that the Secret holds, if there is one. */
  readonly fingerprint: string | undefined;
}

/** Everything that an entry suffers from and that does not pass by itself within moments. */
export function collectProblems(
  { problem, account }: EntryFinding,
  now: number,
): readonly Problem[] {
  const block = account?.block;
  const lasts = block !== undefined && block.until > now && !block.passing;
  return [problem, account?.problem, lasts ? block : undefined].filter((found) =>
    found !== undefined
  );
}

/** Why an entry does not buy, if it does not. */
export function findBuyingProblem(
  { problem, account }: EntryFinding,
  now: number,
): Problem | undefined {
  return problem ?? (account && decideLastingProblem(account, now));
}
