/**
 * A checked account for scripts.
 *
 * @module
 */

import type { CheckedAccount, CheckResult } from "./account_check.ts";

/** An item of a `ProviderCheckList`; `null` where nothing is known. The names are a promise to scripts. */
export interface CheckItem {
  /** `null` with `--local`. */
  readonly class: string | null;
  readonly account: string;
  readonly provider: string;
  readonly credentialFingerprint: string | null;
  readonly identity: string | null;
  /** Whether no check failed. */
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
}

/** Maps a checked account. */
export function toCheckItem(account: CheckedAccount): CheckItem {
  return {
    class: account.nodeClass ?? null,
    account: account.name,
    provider: account.provider,
    credentialFingerprint: account.fingerprint ?? null,
    identity: account.identity ?? null,
    passed: hasPassed(account),
    checks: account.checks.map(({ check, state, message }) => ({ check, state, message })),
  };
}

/** Whether no check failed. */
export function hasPassed({ checks }: Pick<CheckedAccount, "checks">): boolean {
  return checks.every(({ state }) => state !== "fail");
}
