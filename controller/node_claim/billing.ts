/**
 * From when a machine bills, erring on the dear side.
 *
 * @module
 */

import type { ProviderInfo } from "../../providers/contract.ts";
import { formatTime, parseTime } from "../../schemas/conditions.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import { maxUsd, type MicroUsd } from "../../schemas/money.ts";
import type { InstanceList } from "../accounts/presence.ts";
import { findInstance } from "../accounts/presence.ts";
import { stepTime } from "./claim_state.ts";

type Prices = NonNullable<NodeClaimStatus["prices"]>;

/**
 * The price segments of a machine that is seen to bill, or is being ended.
 *
 * A vendor that bills from a running machine started some time between two lists: the last list that
 * showed the machine not yet running bounds it from below, so that our bill is never less than the
 * vendor's and at most one poll interval more.
 */
export function startBilling(
  claim: GPUNodeClaim,
  lists: readonly InstanceList[],
  info: ProviderInfo,
): Prices {
  const { prices, launch } = claim.status ?? {};
  if (prices && prices.length > 0) return prices;
  if (!launch) return [];
  const accepted = stepTime(claim, "Accepted") ?? parseTime(launch.intentTime);
  const from = info.billingStarts === "accepted"
    ? accepted
    : lastSeenBooting(claim, lists, accepted);
  return [{ from: formatTime(from), perHour: launch.offer.pricePerHour, source: "Offer" }];
}

function lastSeenBooting(
  claim: GPUNodeClaim,
  lists: readonly InstanceList[],
  accepted: number,
): number {
  const wanted = { instanceId: claim.status?.instanceID, machineName: claim.metadata.name };
  const booting = lists.filter((list) => findInstance(list, wanted)?.state === "booting");
  return Math.max(accepted, ...booting.map((list) => list.startedAt));
}

/** Segments that a claim's status holds. */
const maxSegments = 32;

/**
 * The segments with the vendor's own price for the machine, when it differs from the last one. When no
 * more fit, the last one takes the dearest price there was since.
 */
export function followPrice(prices: Prices, seen: MicroUsd | undefined, now: number): Prices {
  const last = prices.at(-1);
  if (seen === undefined || !last || last.perHour === seen) return prices;
  if (prices.length >= maxSegments) {
    const perHour = maxUsd(last.perHour, seen);
    return perHour === last.perHour ? prices : [...prices.slice(0, -1), { ...last, perHour }];
  }
  return [...prices, { from: formatTime(now), perHour: seen, source: "Instance" }];
}
