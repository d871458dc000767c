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

/**
 * Compares a complete list with all claims.
 *
 * An orphan is a machine whose claim is gone; or the second of a claim that has another one, which is
 * in the same list: an order that was refused and happened all the same, or was carried out twice.
 *
 * @param claims What each claim says its machine is, by the claim's name; `undefined` while it says nothing.
 */
export function decideSweep(
  instances: readonly Instance[],
  claims: ReadonlyMap<string, string | undefined>,
): Sweep {
  const owned = instances.filter(({ ownership, state }) =>
    ownership.kind === "ours" && state !== "terminating" && state !== "terminated"
  );
  const present = new Set(owned.map(({ id }) => id));
  const orphans = owned.filter(({ id, ownership }) => {
    if (ownership.kind !== "ours") return false;
    if (!claims.has(ownership.claimName)) return true;
    const own = claims.get(ownership.claimName);
    return own !== undefined && own !== id && present.has(own);
  });
  const allowed = Math.max(1, Math.floor(owned.length * largestShare));
  return { kind: orphans.length > allowed ? "askPerson" : "end", orphans, owned: owned.length };
}
