/**
 * How far a claim is, in one word.
 *
 * ```
 * waiting → ordering → booting → joining → initializing → ready → draining → terminating → gone
 *         Ordered   Accepted   Running   Registered   Initialized  EndDecided  Drained    Gone
 * ```
 *
 * @module
 */

import type { ClaimView } from "./claim_view.ts";

/** What a claim is doing. */
export type ClaimStep =
  | "waiting"
  | "ordering"
  | "booting"
  | "joining"
  | "initializing"
  | "ready"
  | "ending"
  | "draining"
  | "terminating"
  | "gone";

/** Steps of a boot that were reached ↦ what the claim is doing since. Last one reached first. */
const boot: readonly (readonly [reached: string, doing: ClaimStep])[] = [
  ["Initialized", "ready"],
  ["Registered", "initializing"],
  ["Running", "joining"],
  ["Accepted", "booting"],
  ["Ordered", "ordering"],
];

/** The same for the end. */
const end: typeof boot = [
  ["Gone", "gone"],
  ["TerminateSent", "terminating"],
  ["Drained", "terminating"],
  ["EndDecided", "draining"],
];

/** What a claim is doing. */
export function selectClaimStep(claim: ClaimView): ClaimStep {
  const isEnding = claim.metadata.deletionTimestamp !== undefined || claim.end !== undefined ||
    claim.steps.has("EndDecided");
  const rows = isEnding ? end : boot;
  const row = rows.find(([reached]) => claim.steps.has(reached));
  return row?.[1] ?? (isEnding ? "ending" : "waiting");
}

/** For a table: `booting 2/5`, `ready`, `draining: Empty`. */
export function describeClaimStep(claim: ClaimView): string {
  const step = selectClaimStep(claim);
  if (claim.end !== undefined) return `${step}: ${claim.end.reason}`;
  const reached = boot.findIndex(([, doing]) => doing === step);
  return reached > 0 ? `${step} ${boot.length - reached}/${boot.length}` : step;
}
