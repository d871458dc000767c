/**
 * Who may write what into a Lease. No I/O, no clock.
 *
 * @module
 */

import type { Lease } from "../schemas/kubernetes.ts";
import { toMicroTime } from "./micro_time.ts";

/** Who we are and how long our lease is good for. */
export interface LeaseClaim {
  readonly identity: string;
  /** Milliseconds. */
  readonly leaseDurationMs: number;
}

/**
 * Whether a lease is free for us: nobody's, ours, or its holder has not renewed it for its whole
 * duration.
 *
 * @param unchangedForMs How long we have seen the lease unchanged, by our own clock: the times in the
 * lease are another machine's, and its clock may be wrong.
 */
export function isFree(lease: Lease, claim: LeaseClaim, unchangedForMs: number): boolean {
  const holder = lease.spec?.holderIdentity;
  if (!holder || holder === claim.identity) return true;
  const seconds = lease.spec?.leaseDurationSeconds;
  return unchangedForMs >= (seconds === undefined ? claim.leaseDurationMs : seconds * 1_000);
}

/** What makes one state of a lease differ from the next: the holder writes `renewTime` each time. */
export function toFingerprint(lease: Lease): string {
  const { holderIdentity, renewTime, acquireTime, leaseTransitions } = lease.spec ?? {};
  return JSON.stringify([holderIdentity, renewTime, acquireTime, leaseTransitions]);
}

/** The `spec` that makes or keeps us the holder. */
export function toHeldSpec(
  lease: Lease | undefined,
  claim: LeaseClaim,
  nowMs: number,
): Lease["spec"] {
  const now = toMicroTime(nowMs);
  const spec = lease?.spec;
  const ours = spec?.holderIdentity === claim.identity;
  return {
    holderIdentity: claim.identity,
    leaseDurationSeconds: Math.ceil(claim.leaseDurationMs / 1_000),
    acquireTime: ours ? spec?.acquireTime ?? now : now,
    renewTime: now,
    leaseTransitions: lease === undefined ? 0 : (spec?.leaseTransitions ?? 0) + (ours ? 0 : 1),
  };
}

/** The `spec` that gives the lease up, so that the next holder need not wait. */
export function toReleasedSpec(lease: Lease, nowMs: number): Lease["spec"] {
  const now = toMicroTime(nowMs);
  return {
    holderIdentity: "",
    // Zero is not valid.
    leaseDurationSeconds: 1,
    acquireTime: now,
    renewTime: now,
    leaseTransitions: lease.spec?.leaseTransitions ?? 0,
  };
}
