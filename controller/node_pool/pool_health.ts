/**
 * Whether a pool's machines get as far as serving pods, judged from the ledger. Pure.
 *
 * A broken template, an endpoint that machines cannot reach, a bad image: each buys the same failure
 * again every twenty minutes, for dollars. After three failed boots in a row the pool stops buying, says
 * so, cools down, and then tries one machine.
 *
 * @module
 */

import { parseTime } from "../../schemas/conditions.ts";
import { type DurationMs, formatDuration, minutes } from "../../schemas/duration.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { LedgerLine } from "../ledger.ts";
import { isEnding, stepTime } from "../node_claim/claim_state.ts";

/** Failed boots in a row from which on a pool stops. */
const tolerated = 3;
/** The first pause costs less than the boot it saves; the longest is noticed within a working day. */
const firstPauseMs = minutes(30);
const longestPauseMs = minutes(240);

/** What is known about a pool's boots. */
export interface PoolHealthInput {
  /** Lines of the pool's ended machines. */
  readonly ended: readonly LedgerLine[];
  /** The pool's claims. */
  readonly claims: readonly GPUNodeClaim[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** `healthy` buys freely; `coolingDown` not at all; `trying` one machine at a time. */
export type PoolHealth =
  | { readonly kind: "healthy" }
  | { readonly kind: "coolingDown"; readonly untilMs: number; readonly message: string }
  | { readonly kind: "trying"; readonly message: string };

/** Judges a pool. A boot that completed since wipes the slate clean. */
export function decidePoolHealth({ ended, claims, now }: PoolHealthInput): PoolHealth {
  const lastGoodMs = Math.max(
    0,
    ...ended.filter(({ boot }) => boot === "Completed").map(({ until }) => parseTime(until)),
    ...claims.map((claim) => stepTime(claim, "Initialized") ?? 0),
  );
  const failed = ended
    .filter(({ boot, until }) => boot === "Failed" && parseTime(until) > lastGoodMs)
    .sort((left, right) => parseTime(right.until) - parseTime(left.until));
  const [last] = failed;
  if (!last || failed.length < tolerated) return { kind: "healthy" };
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failed.length - tolerated));
  const untilMs = parseTime(last.until) + pauseMs;
  const what = `${failed.length} machines in a row did not get as far as serving pods, ` +
    `the last one (${last.instanceType} from ${last.account}) because of ${last.reason}`;
  if (now < untilMs) {
    const pause = formatDuration(pauseMs as DurationMs);
    return { kind: "coolingDown", untilMs, message: `${what}; nothing is bought for ${pause}` };
  }
  return { kind: "trying", message: `${what}; one machine at a time is tried` };
}

/** Whether a claim's machine has still to show that it boots. */
export function isBooting(claim: GPUNodeClaim): boolean {
  return !isEnding(claim) && stepTime(claim, "Initialized") === undefined;
}
