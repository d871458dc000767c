/**
 * Whether the stored leaf may be served now.
 *
 * @module
 */

import type { StoredCertificates } from "./stored_certificates.ts";
import type { Trust } from "./trust.ts";

/** What a replica serves, or would. */
export type Leaf = Pick<StoredCertificates, "leaf" | "leafAuthority">;

/**
 * Whether to serve `next` from now on. Pure.
 *
 * A replica that serves has a leaf that clients accept, and can wait until they all accept the next one.
 * One that serves nothing helps nobody by waiting.
 *
 * @param now Epoch milliseconds.
 */
export function mayServe(
  next: Leaf,
  { now, serving, trust }: {
    readonly now: number;
    readonly serving: Leaf | undefined;
    readonly trust: Trust;
  },
): boolean {
  if (now >= next.leaf.notAfterMs) return false;
  if (serving === undefined || now >= serving.leaf.notAfterMs) {
    return trust.isPublished(next.leafAuthority);
  }
  if (next.leaf.fingerprint === serving.leaf.fingerprint) return false;
  return next.leafAuthority === serving.leafAuthority || trust.isSettled(next.leafAuthority);
}
