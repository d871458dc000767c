/**
 * Which machines a sweep ends. Pure.
 *
 * @module
 */

import type { Instance } from "../../providers/contract.ts";

/** `end` the orphans, or ask a person because there are suspiciously many. */
export interface Sweep {
  readonly kind: "end" | "askPerson";
  readonly orphans: readonly Instance[];
  /** How many machines are ours. */
  readonly owned: number;
}

/** More than this share of our machines at once is a mistake of ours until a person says otherwise. */
const largestShare = 0.2;

/** Compares a complete list with the names of all claims. */
export function decideSweep(
  instances: readonly Instance[],
  claimNames: ReadonlySet<string>,
): Sweep {
  const owned = instances.filter(({ ownership, state }) =>
    ownership.kind === "ours" && state !== "terminating" && state !== "terminated"
  );
  const orphans = owned.filter(({ ownership }) =>
    ownership.kind === "ours" && !claimNames.has(ownership.claimName)
  );
  const allowed = Math.max(1, Math.floor(owned.length * largestShare));
  return { kind: orphans.length > allowed ? "askPerson" : "end", orphans, owned: owned.length };
}
