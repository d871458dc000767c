/**
 * Checks of an account, and in which order they are shown.
 *
 * @module
 */

/** `key`: it can be read and sent; the others are what the cloud says. */
export const checkNames = ["key", "identity", "list", "launch", "billing", "quota"] as const;

/** One thing that is checked. */
export type CheckName = typeof checkNames[number];

/** `unknown`: the cloud has no way to tell, or it was not asked. */
export type CheckState = "ok" | "warn" | "fail" | "unknown";

/** One check. */
export interface CheckResult {
  readonly check: CheckName;
  readonly state: CheckState;
  /** For people; with the remedy unless ok. */
  readonly message: string;
}

/** An account and everything that was found. */
export interface CheckedAccount {
  /** The GPUNodeClass; `undefined` with `--local`. */
  readonly nodeClass: string | undefined;
  /** The entry of the class's providers. */
  readonly name: string;
  readonly provider: string;
  /** Of the key that was checked; `undefined` if there was none. */
  readonly fingerprint: string | undefined;
  /** The cloud's own identity of the account, where it has one. */
  readonly identity: string | undefined;
  /** In the order of {@linkcode checkNames}. */
  readonly checks: readonly CheckResult[];
  /** Whether all that failed is that the user may not read the key. */
  readonly forbidden: boolean;
}
