/**
 * Orders the machine of a claim.
 *
 * ```text
 * choose offer ► queue place ► token, user data ► INTENT (sendBefore) ► last check ► call ► outcome
 *      ▲                                                                                  │
 *      └───────────── definite refusal: next offer, same claim ◄──────────────────────────┤
 *                     a machine may exist: Launched or Unknown, never a second order ◄────┘
 * ```
 *
 * **Guarantees**: the intent is durable before the call and names everything needed to find the
 * machine again; a queued or paused sender cannot send after `sendBefore`, nor without the lease; a
 * claim whose order may have happened never sends another.
 *
 * **Assumptions**: the finalizer is on the claim; one reconcile per claim at a time; every write
 * carries the version that was read, so a stale view cannot start a second order.
 *
 * @module
 */

import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import type { LaunchOutcome, LaunchPermit, Offer } from "../../providers/contract.ts";
import { explainOffers } from "../../scheduling/offer_explanation.ts";
import { selectOffers } from "../../scheduling/offers.ts";
import { formatTime, parseTime, reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { Account } from "../accounts/account.ts";
import { bootTimeouts } from "./boot_timeouts.ts";
import { toOfferQuery } from "./candidates.ts";
import type { NodeClaimDeps } from "./deps.ts";
import * as occurrences from "./events.ts";
import { recordOutcome } from "./launch_outcome.ts";
import { toChosenOffer } from "./chosen_offer.ts";
import { endClaim, patchClaim, withCondition } from "./claim_status.ts";

/** From the intent to the latest moment of sending: two API calls and a check, with room to spare. */
const sendWindowMs = 30_000;
/** Ids of ranked offers kept in status, so that a user can see what comes next. */
const shownOffers = 8;

/** One pass over a claim that has no machine and no open order. */
export async function launch(
  deps: NodeClaimDeps,
  claim: GPUNodeClaim,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  const { clock, accounts, classes, need, recorder } = deps;
  const nodeClass = classes.get(claim.spec.nodeClassRef.name);
  if (!nodeClass) {
    return await endClaim(deps, claim, {
      reason: reasons.nodeClassNotFound,
      message: `GPUNodeClass "${claim.spec.nodeClassRef.name}" does not exist`,
    }, signal);
  }
  const needed = claim.spec.nodePoolRef ? need.of(claim.metadata.name) : "yes";
  if (needed === "unknown") {
    return { kind: "requeueAfter", delayMs: 1_000, reason: "need is not known yet" };
  }
  if (needed === "no") {
    return await endClaim(deps, claim, {
      reason: reasons.notNeeded,
      message: "No pod waits for this machine any more",
    }, signal);
  }
  const { offers, query } = toOfferQuery(
    claim,
    accounts.ofClass(nodeClass.metadata.name),
    clock.now(),
  );
  const ranked = selectOffers(offers, query);
  const [offer] = ranked;
  const account = offer && accounts.get(nodeClass.metadata.name, offer.account);
  if (!offer || !account) {
    const { message } = explainOffers(offers, query);
    recorder.record(occurrences.noOfferLeft(claim, message));
    return await endClaim(deps, claim, { reason: reasons.noOfferLeft, message }, signal);
  }
  return await order(deps, claim, nodeClass, account, offer, ranked, signal);
}

/** From the place in the vendor's queue to the outcome in status. */
async function order(
  deps: NodeClaimDeps,
  claim: GPUNodeClaim,
  nodeClass: GPUNodeClass,
  account: Account,
  offer: Offer,
  ranked: readonly Offer[],
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  const { clock } = deps;
  const { provider } = account;
  const info = provider.info();
  const timeouts = bootTimeouts(account, offer.gpu?.count ?? 0);
  const { userData } = await deps.bootstrap.prepare(claim, nodeClass, {
    labels: { ...offer.labels, ...claim.spec.labels },
    maxBytes: info.maxUserDataBytes,
    expiresAt: clock.now() + timeouts.launch + timeouts.registration,
  }, signal);
  const permit = await provider.acquireLaunch(signal);
  try {
    const intended = await writeIntent(deps, claim, account, offer, ranked, signal);
    const outcome = await send(deps, intended, offer, account, permit, userData, signal);
    return await recordOutcome(deps, intended, account, offer, outcome, signal);
  } finally {
    permit.release();
  }
}

/** Makes the order durable before it is sent. */
function writeIntent(
  deps: NodeClaimDeps,
  claim: GPUNodeClaim,
  account: Account,
  offer: Offer,
  ranked: readonly Offer[],
  signal: AbortSignal,
): Promise<GPUNodeClaim> {
  const now = deps.clock.now();
  return patchClaim(deps, claim, {
    observedGeneration: claim.metadata.generation,
    offers: ranked.slice(0, shownOffers).map(({ id }) => id),
    launch: {
      offer: toChosenOffer(offer),
      machineName: claim.metadata.name,
      ...(account.identity === undefined ? {} : { accountID: account.identity }),
      intentTime: formatTime(now),
      sendBefore: formatTime(now + sendWindowMs),
      outcome: "Pending",
    },
    conditions: withCondition(deps, claim, {
      type: "Launched",
      status: "Unknown",
      reason: reasons.launchIntended,
      message: `Ordering ${offer.instanceType} in ${
        offer.location.region ?? "any region"
      } from ${account.name}`,
    }),
  }, signal);
}

/** The last check, then the call. */
async function send(
  deps: NodeClaimDeps,
  claim: GPUNodeClaim,
  offer: Offer,
  account: Account,
  permit: LaunchPermit,
  userData: string,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const objection = objectTo(deps, claim, signal);
  if (objection !== undefined) return { kind: "notSent", message: objection };
  const { launch } = claim.status ?? {};
  return await account.provider.launch(
    {
      name: claim.metadata.name,
      claimUid: claim.metadata.uid ?? "",
      nodePool: claim.spec.nodePoolRef?.name ?? "",
      instanceType: offer.instanceType,
      region: offer.location.region ?? "",
      capacityType: offer.capacityType,
      workload: { kind: "machine", userData },
      sendBefore: parseTime(launch?.sendBefore ?? ""),
    },
    permit,
    signal,
  );
}

/** Why the order must not be sent after all; judged on what the intent's own write returned. */
function objectTo(
  deps: NodeClaimDeps,
  claim: GPUNodeClaim,
  signal: AbortSignal,
): string | undefined {
  if (signal.aborted) return "the controller is stopping";
  if (!deps.holdsLease()) return "this controller is no longer the leader";
  if (claim.metadata.deletionTimestamp !== undefined) return "the claim is being deleted";
  if (claim.spec.nodePoolRef && deps.need.of(claim.metadata.name) !== "yes") {
    return "no pod waits for this machine any more";
  }
  return undefined;
}
