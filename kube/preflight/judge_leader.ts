/**
 * Whether a leader works, judged by its lease. Pure.
 *
 * @module
 */

import type { Lease } from "../../schemas/kubernetes.ts";

/** The lease of the controller's leader, in its own namespace. */
export const leaderLeaseName = "tgp-controller";

/** See the module. */
export type Leader =
  | { readonly kind: "leads"; readonly holder: string }
  /** There never was one. */
  | { readonly kind: "none" }
  /** It stopped in order, and nobody has taken over. */
  | { readonly kind: "released" }
  | {
    readonly kind: "silent";
    readonly holder: string;
    /** Since it last renewed its lease, in milliseconds. */
    readonly silentMs: number;
  };

/** A lease that says nothing is as old as the usual one lasts. */
const usualSeconds = 15;

/**
 * Judges a lease.
 *
 * @param lease `undefined` if there is none.
 * @param now The API server's time, in epoch milliseconds.
 */
export function judgeLeader(lease: Lease | undefined, now: number): Leader {
  if (lease === undefined) return { kind: "none" };
  const { holderIdentity: holder, renewTime, leaseDurationSeconds } = lease.spec ?? {};
  if (!holder) return { kind: "released" };
  const silentMs = now - Date.parse(renewTime ?? "");
  // A holder's clock may be a little off, and a renewal on its way.
  const patienceMs = 2 * (leaseDurationSeconds ?? usualSeconds) * 1_000;
  if (silentMs <= patienceMs) return { kind: "leads", holder };
  return { kind: "silent", holder, silentMs: Number.isNaN(silentMs) ? Infinity : silentMs };
}
