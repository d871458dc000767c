/**
 * What is new in a pool's decisions, and what stays of the earlier ones. Pure.
 *
 * @module
 */

import type { PoolDecisions } from "../../schemas/pool_decisions.ts";
import { isSame } from "../same.ts";
import { keptPurchases } from "./summarize_pass.ts";

/** The later decisions, with the latest orders of both; the time is that at which they became what they are. */
export function mergeDecisions(
  earlier: PoolDecisions | undefined,
  later: PoolDecisions,
): PoolDecisions {
  if (!earlier) return later;
  const ordered = new Set(later.purchases.map(({ claim }) => claim));
  const purchases = [
    ...later.purchases,
    ...earlier.purchases.filter(({ claim }) => !ordered.has(claim)),
  ].sort((left, right) => left.time < right.time ? 1 : left.time > right.time ? -1 : 0)
    .slice(0, keptPurchases);
  const isNews = !isSame(
    toNews({ ...earlier, purchases: [] }),
    toNews({ ...later, purchases: [] }),
  );
  return { ...later, purchases, since: isNews ? later.since : earlier.since };
}

/**
 * What makes decisions new. The time does not; nor does what a limit's text says after naming it, which is
 * how much of it is used and grows with every minute of a machine.
 */
export function toNews({ since: _since, refusals, ...rest }: PoolDecisions): unknown {
  return {
    ...rest,
    refusals: refusals.map((refusal) =>
      refusal.kind === "limits"
        ? { ...refusal, message: refusal.message.split(":", 1)[0] ?? "" }
        : refusal
    ),
  };
}
