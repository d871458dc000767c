/**
 * Claims that run, for rules that count them.
 *
 * @module
 */

import { minutes } from "../../schemas/duration.ts";
import { parseUsd } from "../../schemas/money.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import { wholeQuantity } from "../../schemas/quantity.ts";
import { buildClaim, buildLaunch } from "./controller_builders.ts";

/** A claim of pool `gpu` and class `default` with a machine of one GPU at this price per hour. */
export function createClaimAt(perHour: string, pool = "gpu"): GPUNodeClaim {
  const launch = buildLaunch();
  const pricePerHour = parseUsd(perHour);
  const capacity = { "nvidia.com/gpu": wholeQuantity(1) };
  return buildClaim({
    instanceID: "i-1",
    launch: {
      ...launch,
      offer: { ...launch.offer, pricePerHour, capacity, billingIncrement: minutes(1) },
    },
    prices: [{ from: "2026-01-01T00:00:00Z", perHour: pricePerHour, source: "Offer" }],
  }, { spec: { nodePoolRef: { name: pool } } });
}
