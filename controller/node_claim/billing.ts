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
 *
 * @param since From when on it counts; epoch milliseconds.
 */
export function followPrice(prices: Prices, seen: MicroUsd | undefined, since: number): Prices {
  const last = prices.at(-1);
  if (seen === undefined || !last || last.perHour === seen) return prices;
  if (prices.length >= maxSegments) {
    const perHour = maxUsd(last.perHour, seen);
    return perHour === last.perHour ? prices : [...prices.slice(0, -1), { ...last, perHour }];
  }
  return [...prices, { from: formatTime(since), perHour: seen, source: "Instance" }];
}

/**
 * The segments of a machine that bills, brought up to date with what its vendor says now. What is said
 * at first sight has been true from the start.
 */
export function updatePrices(
  claim: GPUNodeClaim,
  lists: readonly InstanceList[],
  info: ProviderInfo,
  seen: { readonly pricePerHour: MicroUsd | undefined; readonly now: number },
): Prices {
  const isNew = (claim.status?.prices ?? []).length === 0;
  const prices = startBilling(claim, lists, info);
  const since = isNew ? parseTime(prices[0]?.from) : undefined;
  return followPrice(prices, seen.pricePerHour, since ?? seen.now);
}

/** What the vendor asks for a machine, where it is not what the machine was launched at. */
export interface PriceDifference {
  readonly launched: MicroUsd;
  readonly asked: MicroUsd;
}

/** The difference that one status has and the one before it had not. */
export function findPriceDifference(
  before: NodeClaimStatus | undefined,
  after: NodeClaimStatus,
): PriceDifference | undefined {
  const launched = after.launch?.offer.pricePerHour;
  const last = after.prices?.at(-1);
  if (launched === undefined || last?.source !== "Instance") return undefined;
  const known = before?.prices?.at(-1)?.perHour === last.perHour;
  return known || last.perHour === launched ? undefined : { launched, asked: last.perHour };
}
