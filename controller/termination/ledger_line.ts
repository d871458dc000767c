/**
 * The books of an ended claim.
 *
 * @module
 */

import type { ProviderInfo } from "../../providers/contract.ts";
import { costBetween, meteredTimeOf } from "../../scheduling/price.ts";
import { formatTime, parseTime, reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { LedgerLine } from "../ledger.ts";
import { poolName, stepTime } from "../node_claim/claim_state.ts";

/**
 * The ledger line of a claim whose machine is gone.
 *
 * @throws If the claim never had a machine: then there is nothing to book.
 */
export function toLedgerLine(claim: GPUNodeClaim, info: ProviderInfo): LedgerLine {
  const { launch, instanceID, prices = [], end } = claim.status ?? {};
  if (!launch || instanceID === undefined) {
    throw new Error(`Cannot book claim "${claim.metadata.name}": it never had a machine`);
  }
  const { offer } = launch;
  const until = stepTime(claim, "TerminateSent") ?? parseTime(launch.sendBefore);
  const pool = poolName(claim);
  const metered = { ...meteredTimeOf(claim), endMs: until };
  return {
    claim: claim.metadata.name,
    uid: claim.metadata.uid ?? "",
    ...(pool === undefined ? {} : { nodePool: pool }),
    nodeClass: claim.spec.nodeClassRef.name,
    provider: info.provider,
    account: offer.account,
    instanceID,
    instanceType: offer.instanceType,
    region: offer.region,
    ...(offer.gpuModel === undefined ? {} : { gpuModel: offer.gpuModel }),
    gpuCount: offer.gpuCount,
    prices: prices.map(({ from, perHour }) => ({ from, perHour })),
    until: formatTime(until),
    billingIncrement: offer.billingIncrement,
    cost: costBetween(metered, 0, until),
    reason: end?.reason ?? "Deleted",
    boot: judgeBoot(claim),
  };
}

/**
 * Ends that say that a boot failed, as opposed to was not wanted any more.
 *
 * A vendor that has no machine after all says nothing about the pool: its offer is remembered as sold
 * out, and a pool that stopped buying for it would keep its pods from the other offers.
 */
const bootFailures: ReadonlySet<string> = new Set([
  reasons.bootFailed,
  reasons.launchTimeout,
  reasons.registrationTimeout,
  reasons.initializationTimeout,
  reasons.instanceFailed,
  reasons.instanceStopped,
  reasons.instanceVanished,
  reasons.gpuCountMismatch,
]);

function judgeBoot(claim: GPUNodeClaim): LedgerLine["boot"] {
  if (stepTime(claim, "Initialized") !== undefined) return "Completed";
  return bootFailures.has(claim.status?.end?.reason ?? "") ? "Failed" : "Cancelled";
}
