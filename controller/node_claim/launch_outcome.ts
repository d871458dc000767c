/**
 * Writes down what became of an order, and draws the consequences.
 *
 * @module
 */

import { isConflict, KubeError } from "../../kube/kube.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import type { LaunchOutcome, Offer } from "../../providers/contract.ts";
import { assertNever } from "../../providers/errors.ts";
import { conditionTypes, formatTime, reasons } from "../../schemas/conditions.ts";
import { minutes, seconds } from "../../schemas/duration.ts";
import type { GPUNodeClaim, Launch, NodeClaimStatus } from "../../schemas/node_claim.ts";
import type { Account } from "../accounts/account.ts";
import { rememberSoldOut } from "../stock_memory.ts";
import { describeOffer } from "./chosen_offer.ts";
import { patchClaim, withCondition } from "./claim_status.ts";
import { withStep } from "./claim_state.ts";
import type { LaunchDeps, NodeClaimDeps } from "./deps.ts";
import * as occurrences from "./events.ts";

/** A vendor that refuses a whole account is asked again after this long, or when the key changes. */
const blockMs = minutes(10);
/** Pause before an order that was not sent, or was throttled, is tried again. */
const retryMs = seconds(5);
/** A claim does not wait longer than this for an account that is throttled. */
const longestWaitMs = minutes(1);
/** How often the outcome is offered to the API server before the lists have to tell it. */
const writeAttempts = 6;

/** See the module. */
export async function recordOutcome(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  account: Account,
  offer: Offer,
  outcome: LaunchOutcome,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  deps.metrics.count("tgp_launches_total", { provider: offer.provider, outcome: outcome.kind });
  const now = deps.clock.now();
  switch (outcome.kind) {
    case "launched":
      deps.recorder.record(occurrences.launched(claim, offer, outcome.instanceId));
      await writeOutcome(deps, claim, (current, launch) => ({
        launch: { ...launch, outcome: "Launched" },
        instanceID: outcome.instanceId,
        providerID: outcome.providerID,
        steps: withStep(withStep(current.status?.steps, "Ordered", now), "Accepted", now),
        conditions: withCondition(deps, current, {
          type: conditionTypes.launched,
          status: "True",
          reason: reasons.launched,
          message: `The cloud rents us machine ${outcome.instanceId}`,
        }),
      }), signal);
      deps.accounts.poke(account);
      return { kind: "awaitChange" };
    case "unknown":
      deps.recorder.record(occurrences.launchUnknown(claim, offer, outcome.message));
      await writeOutcome(deps, claim, (current, launch) => ({
        launch: { ...launch, outcome: "Unknown", message: outcome.message },
        conditions: withCondition(deps, current, {
          type: conditionTypes.launched,
          status: "Unknown",
          reason: reasons.launchUnknown,
          message:
            `The order may or may not have happened (${outcome.message}); looking for the machine by name`,
        }),
      }), signal);
      deps.accounts.poke(account);
      return { kind: "awaitChange" };
    case "outOfCapacity":
    case "rejected":
      account.stock = rememberSoldOut(account.stock, offer.id, outcome.message, now, deps.random);
      deps.saveStock(account.className, account.name);
      deps.recorder.record(occurrences.offerRefused(claim, offer, outcome.message));
      await writeRefusal(deps, claim, offer, outcome, signal);
      return { kind: "awaitChange" };
    case "quotaExceeded":
    case "billing":
    case "unauthorized":
      account.block = {
        reason: outcome.kind === "unauthorized"
          ? reasons.credentialsRejected
          : reasons.accountBlocked,
        message: outcome.message,
        until: now + blockMs,
      };
      deps.recorder.record(occurrences.accountBlocked(claim, account.name, outcome.message));
      await writeRefusal(deps, claim, offer, outcome, signal);
      return { kind: "awaitChange" };
    case "rateLimited":
    case "notSent":
      keepAway(account, outcome, now);
      return await recordNotSent(deps, claim, outcome.message, signal);
    default:
      return assertNever(outcome);
  }
}

/** Other accounts are tried meanwhile; where there is none, the claim waits, unless it is for long. */
function keepAway(
  account: Account,
  outcome: { readonly message: string; readonly retryAfterMs?: number | undefined },
  now: number,
): void {
  const delayMs = outcome.retryAfterMs ?? retryMs;
  account.block = {
    reason: reasons.providerUnreachable,
    message: outcome.message,
    until: now + delayMs,
    passing: delayMs <= longestWaitMs,
  };
}

/** A definite refusal of this offer: the next one is tried inside the claim, at once. */
async function writeRefusal(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  offer: Offer,
  outcome: { readonly kind: string; readonly message: string },
  signal: AbortSignal,
): Promise<void> {
  deps.budget.release(claim);
  await writeOutcome(deps, claim, (current, launch) => ({
    launch: { ...launch, outcome: "Refused", message: outcome.message },
    refusedOffers: [
      ...(current.status?.refusedOffers ?? []).filter(({ id }) => id !== offer.id),
      {
        id: offer.id,
        description: describeOffer(offer),
        reason: outcome.kind,
        message: outcome.message,
        time: formatTime(deps.clock.now()),
      },
    ].slice(-64),
    conditions: withCondition(deps, current, {
      type: conditionTypes.launched,
      status: "False",
      reason: reasons.awaitingLaunch,
      message: `${describeOffer(offer)} was refused; trying the next offer: ${outcome.message}`,
    }),
  }), signal);
}

/** Nothing was rented, for a reason that says nothing about the offer. */
export async function recordNotSent(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  message: string,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  deps.budget.release(claim);
  await writeOutcome(deps, claim, (current, launch) => ({
    launch: { ...launch, outcome: "Refused", message },
    conditions: withCondition(deps, current, {
      type: conditionTypes.launched,
      status: "False",
      reason: reasons.awaitingLaunch,
      message: `The order was not taken: ${message}`,
    }),
  }), signal);
  return { kind: "requeueAfter", delayMs: retryMs, reason: message };
}

/**
 * Writes the outcome over our own intent, however often others write in between. Gives up when the
 * intent is no longer ours: then another leader has begun to look for the machine.
 *
 * The write must not be lost to a stopping controller, so it does not take part in the shutdown until
 * its attempts are used up.
 */
async function writeOutcome(
  deps: NodeClaimDeps,
  claim: GPUNodeClaim,
  patch: (current: GPUNodeClaim, launch: Launch) => NodeClaimStatus,
  signal: AbortSignal,
): Promise<void> {
  let current = claim;
  for (let attempt = 1;; attempt++) {
    const launch = current.status?.launch;
    if (!launch || launch.outcome !== "Pending" || !sameIntent(launch, claim)) return;
    try {
      await patchClaim(deps, current, patch(current, launch));
      return;
    } catch (error) {
      if (attempt >= writeAttempts) throw error;
      if (error instanceof KubeError && error.code === 404) return;
      if (!isConflict(error)) await deps.clock.sleep(1_000 * attempt, signal).catch(() => {});
    }
    current = await deps.kube.get(nodeClaims, { name: claim.metadata.name }).catch(() => current);
  }
}

function sameIntent(launch: Launch, claim: GPUNodeClaim): boolean {
  return launch.intentTime === claim.status?.launch?.intentTime &&
    launch.offer.id === claim.status.launch.offer.id;
}
