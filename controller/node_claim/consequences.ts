/**
 * What follows from what a pass found out about a machine.
 *
 * Drawn after the finding is written, so that a pass that runs again because somebody else wrote first
 * draws them once. A process that dies in between forgets them: an offer is tried once more than needed,
 * and a price is told in the status only.
 *
 * @module
 */

import type { Instance } from "../../providers/contract.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import type { Account } from "../accounts/account.ts";
import { forget, rememberSoldOut } from "../stock_memory.ts";
import { findPriceDifference } from "./billing.ts";
import { type Step, stepTime } from "./claim_state.ts";
import type { NodeClaimDeps } from "./deps.ts";
import * as occurrences from "./events.ts";

/** What was found, and where. */
export interface Finding {
  readonly account: Account;
  readonly instance: Instance | undefined;
  /** The status that was written. */
  readonly written: NodeClaimStatus;
}

/**
 * Ends of machines that their vendor took an order for and never brought up. Their offer is kept away
 * from for a while, whatever the reason: another one may work, and the same one tried again and again
 * would stop the pool.
 */
const neverRan: ReadonlySet<string> = new Set([
  reasons.outOfCapacity,
  reasons.bootFailed,
  reasons.launchTimeout,
]);

/** See the module. */
export function drawConsequences(
  deps: Pick<NodeClaimDeps, "clock" | "metrics" | "random" | "recorder" | "saveStock">,
  claim: GPUNodeClaim,
  { account, instance, written }: Finding,
): void {
  const difference = findPriceDifference(claim.status, written);
  if (difference) {
    deps.recorder.record(occurrences.priceDiffers(claim, difference));
    const { provider } = account.provider.info();
    deps.metrics.count("tgp_price_differences_total", { provider });
  }
  const offer = written.launch?.offer;
  const now = deps.clock.now();
  if (!offer) return;
  if (written.end && !claim.status?.end && neverRan.has(written.end.reason)) {
    const words = instance?.bootFailure?.message ?? written.end.message;
    account.stock = rememberSoldOut(account.stock, offer.id, words, now, deps.random);
    deps.saveStock(account.className, account.name);
  } else if (isNew("Running", claim, written) && account.stock.has(offer.id)) {
    // Not when the order was taken: a cloud may take one that it has no machine for, again and again.
    account.stock = forget(account.stock, offer.id);
    deps.saveStock(account.className, account.name);
  }
}

function isNew(step: Step, claim: GPUNodeClaim, written: NodeClaimStatus): boolean {
  return stepTime(claim, step) === undefined &&
    stepTime({ ...claim, status: written }, step) !== undefined;
}
