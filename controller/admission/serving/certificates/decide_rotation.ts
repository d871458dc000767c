/**
 * When to make which certificate.
 *
 * ```text
 *  authority A  ├──────────────── 2 years ────────────────┤
 *  authority B                        ├──── published beside A ──────── …
 *  leaves       ├─ 90 days ─┤                              ┊
 *                     ├─ 90 days ─┤     … signed by A      ┊
 *                                       ├─ 90 days ─┤ … signed by B, once B is trusted everywhere
 *                                                          └ A has expired: forgotten
 * ```
 *
 * A new authority is stored and published first. It signs only when it has been published for a while,
 * so whoever reads a leaf of it can serve that leaf at once. The old one stays published until it
 * expires, which is long after its last leaf has.
 *
 * Pure. That a certificate is not valid yet is left out of account: then one of two clocks is wrong, and
 * nobody here knows which.
 *
 * @module
 */

import type { Certificate } from "./certificate.ts";
import type { Validity } from "./certificate_maker.ts";
import type { Stored, StoredCertificates } from "./stored_certificates.ts";
import type { Trust } from "./trust.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How long certificates hold. */
export const lifetimes = Object.freeze({
  leafMs: 90 * dayMs,
  /** A third of it is overlap, which must be longer than the life of a leaf. */
  authorityMs: 730 * dayMs,
  /** The part of its life after which a certificate is replaced. */
  renewAt: 2 / 3,
  /** Certificates start in the past, for clients whose clocks are behind. */
  backdateMs: hourMs,
});

/** What a decision is made from. */
export interface RotationInput {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly stored: Stored;
  /** Whom clients trust. */
  readonly trust: Trust;
  /** What the leaf must be valid for, as `normalizeHost` spells it. */
  readonly hosts: readonly string[];
}

/** A change of the Secret. */
export type Rotation =
  /** Nothing in it can be used: an authority and a leaf, both new. */
  | { readonly kind: "startAnew"; readonly why: string }
  /** A further authority, first in line to sign from now on. */
  | {
    readonly kind: "addAuthority";
    readonly why: string;
    readonly present: StoredCertificates;
  }
  /** A leaf by the first authority. */
  | { readonly kind: "renewLeaf"; readonly why: string; readonly present: StoredCertificates }
  /** Authorities that have expired go. */
  | { readonly kind: "forget"; readonly present: StoredCertificates };

/** What to do: change the Secret, or leave it and use it. */
export type Decision = Rotation | {
  readonly kind: "use";
  readonly certificates: StoredCertificates;
};

/** Decides. */
export function decideRotation(input: RotationInput): Decision {
  const { now, stored, trust } = input;
  if (stored.kind === "unusable") return { kind: "startAnew", why: stored.problem };
  const { certificates: present } = stored;
  const { authorities: [signer, ...others], leaf } = present;
  if (now >= signer.notAfterMs) {
    return { kind: "startAnew", why: `the authority expired on ${toDate(signer.notAfterMs)}` };
  }
  if (now >= renewalTime(signer)) {
    const why = `the present one expires on ${toDate(signer.notAfterMs)}`;
    return { kind: "addAuthority", why, present };
  }
  const why = whyRenew(leaf, input);
  // A leaf that nobody accepts any more cannot be made worse by one that not everybody accepts yet.
  if (why !== undefined && (trust.isSettled(signer.fingerprint) || now >= leaf.notAfterMs)) {
    return { kind: "renewLeaf", why, present };
  }
  return others.some((authority) => now >= authority.notAfterMs)
    ? { kind: "forget", present }
    : { kind: "use", certificates: present };
}

function whyRenew(
  leaf: Certificate,
  { now, hosts }: Pick<RotationInput, "now" | "hosts">,
): string | undefined {
  const missing = hosts.filter((host) => !leaf.hosts.includes(host));
  if (missing.length > 0) return `the present one is not valid for ${missing.join(", ")}`;
  if (now >= renewalTime(leaf)) return `the present one expires on ${toDate(leaf.notAfterMs)}`;
  return undefined;
}

/** When a certificate is to be replaced, in epoch milliseconds. */
export function renewalTime({ notBeforeMs, notAfterMs }: Validity): number {
  return notBeforeMs + (notAfterMs - notBeforeMs) * lifetimes.renewAt;
}

/** The life of an authority made now. */
export function authorityValidity(now: number): Validity {
  return { notBeforeMs: now - lifetimes.backdateMs, notAfterMs: now + lifetimes.authorityMs };
}

/** The life of a leaf made now: never longer than its authority's. */
export function leafValidity(now: number, authority: Validity): Validity {
  return {
    notBeforeMs: Math.max(now - lifetimes.backdateMs, authority.notBeforeMs),
    notAfterMs: Math.min(now + lifetimes.leafMs, authority.notAfterMs),
  };
}

function toDate(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
