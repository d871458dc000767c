/**
 * Claims on their way out, for tests of termination.
 *
 * @module
 */

import { formatTime } from "../../../schemas/conditions.ts";
import { parseUsd } from "../../../schemas/money.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../../schemas/node_claim.ts";
import {
  buildClaim,
  buildCondition,
  buildLaunch,
  buildSteps,
  testStart,
} from "../../support/controller_builders.ts";
import { ClaimBench } from "../../support/claim_bench.ts";

/** Milliseconds. */
export const second: number = 1_000;
/** The status of a claim whose machine runs. */
export const ordered: NodeClaimStatus = {
  launch: buildLaunch(),
  instanceID: "i-1",
  providerID: "lambda://us-east-1/i-1",
  instanceState: "active",
  steps: buildSteps({ Ordered: 1, Accepted: 2, Running: 60 }),
  prices: [{ from: formatTime(testStart), perHour: parseUsd("1.20"), source: "Offer" }],
};

/** A claim that is being deleted. */
export function ending(
  status: NodeClaimStatus,
  spec: Partial<GPUNodeClaim["spec"]> = {},
): Promise<ClaimBench> {
  const metadata = {
    finalizers: ["tgp.io/termination"],
    deletionTimestamp: formatTime(testStart),
  };
  return ClaimBench.create({ claim: buildClaim(status, { metadata, spec }) });
}

/** A claim whose machine was ordered to end at the start. */
export async function sent(): Promise<ClaimBench> {
  const bench = await ending({
    ...ordered,
    steps: [...ordered.steps ?? [], ...buildSteps({ Drained: 0, TerminateSent: 0 })],
    conditions: [buildCondition("Drained")],
  });
  await bench.world.clock.advance(second);
  return bench;
}

/** So many passes. */
export async function passes(bench: ClaimBench, count: number): Promise<void> {
  for (let pass = 0; pass < count; pass++) await bench.pass();
}
