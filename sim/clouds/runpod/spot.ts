/**
 * What the simulated RunPod asks for spot pods, which it is about to give up.
 *
 * @module
 */

import type { Cloud } from "./order.ts";

/** The share of the on-demand price; a large secure card has no spot price, as is often seen. */
const shares: Readonly<Record<Cloud, number>> = Object.freeze({ SECURE: 0.6, COMMUNITY: 0.5 });
const largestSecureUsd = 3;

/** USD per GPU-hour, or null where a type is not sold as spot. @param price On demand. */
export function spotPriceOf(cloud: Cloud, price: number | null): number | null {
  if (price === null || (cloud === "SECURE" && price >= largestSecureUsd)) return null;
  return Math.round(price * shares[cloud] * 100) / 100;
}

/** The lowest bid that gets anything, a cent above the spot price, as recorded. USD per GPU-hour. */
export function lowestBidOf(cloud: Cloud, price: number | null): number | null {
  const spot = spotPriceOf(cloud, price);
  return spot === null ? null : Math.round(spot * 100 + 1) / 100;
}
