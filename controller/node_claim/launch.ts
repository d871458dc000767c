/**
 * Orders the machine of a claim.
 *
 * ```text
 * choose offer ► queue place ► choose again ► token, user data ► INTENT (sendBefore) ► last check ► call
 *      ▲                                                                                              │
 *      └──────────────── definite refusal: next offer, same claim ◄───────────────────────────────────┤
 *                        a machine may exist: Launched or Unknown, never a second order ◄─────────────┘
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
import type { LaunchOutcome, LaunchPermit } from "../../providers/contract.ts";
import {
  conditionTypes,
  findCondition,
  formatTime,
  parseTime,
  reasons,
} from "../../schemas/conditions.ts";
import type { GPUNodeClaim, Launch } from "../../schemas/node_claim.ts";
import { decideBuyingProblem } from "../accounts/account.ts";
import { UserDataError } from "../bootstrap/user_data.ts";
import { isSame } from "../same.ts";
import { bootTimeouts } from "./boot_timeouts.ts";
import { chooseOrder, type OrderChoice } from "./choose_order.ts";
import { linger } from "../linger.ts";
import { toChosenOffer } from "./chosen_offer.ts";
import { endClaim, patchClaim, withCondition } from "./claim_status.ts";
import { isEnding } from "./claim_state.ts";
import type { LaunchDeps } from "./deps.ts";
import * as occurrences from "./events.ts";
import { recordNotSent, recordOutcome } from "./launch_outcome.ts";

/**
 * How long a call that is under way may go on when the process is told to stop: an answer saves minutes of
 * looking for the machine, and Kubernetes kills the process after 30 s.
 */
const shutdownPatienceMs = 20_000;
/** From the intent to the latest moment of sending: two API calls and a check, with room to spare. */
const sendWindowMs = 30_000;
/** Ids of ranked offers kept in status, so that a user can see what comes next. */
const shownOffers = 8;
/** When a claim asks again that found the account's queue crowded. */
const crowdedMs = 5_000;
/** When a claim asks again whose class does not say how machines join. */
const bootstrapMs = 30_000;

type Order = Extract<OrderChoice, { kind: "order" }>;

/** One pass over a claim that has no machine and no open order. */
export async function launch(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  const choice = chooseOrder(deps, claim);
  if (choice.kind !== "order") return await follow(deps, claim, choice, signal);
  const { account } = choice;
  const leave = deps.room.enter(account);
  if (!leave) return { kind: "requeueAfter", delayMs: crowdedMs, reason: "others order first" };
  const permit = await account.provider.acquireLaunch(signal).finally(leave);
  try {
    // The wait may have been long: what was true before it is looked at again.
    const current = deps.claims.get(claim.metadata.name);
    if (!current || !mayOrder(current)) return { kind: "awaitChange" };
    const again = chooseOrder(deps, current);
    if (again.kind !== "order") return await follow(deps, current, again, signal);
    if (again.account === account) return await order(deps, current, again, permit, signal);
    return { kind: "requeueAfter", delayMs: 0, reason: "another account is better now" };
  } finally {
    permit.release();
  }
}

function mayOrder(claim: GPUNodeClaim): boolean {
  const outcome = claim.status?.launch?.outcome;
  return !isEnding(claim) && (outcome === undefined || outcome === "Refused");
}

async function follow(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  choice: Exclude<OrderChoice, Order>,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  if (choice.kind === "wait") {
    await noteWait(deps, claim, choice.reason, signal);
    return { kind: "requeueAfter", delayMs: choice.delayMs, reason: choice.reason };
  }
  const { reason, message } = choice.end;
  deps.recorder.record(occurrences.ending(claim, reason, message));
  return await endClaim(deps, claim, choice.end, signal);
}

/** A claim that nothing is known of yet says at least what it waits for. */
async function noteWait(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  if (findCondition(claim.status?.conditions, conditionTypes.launched)) return;
  const conditions = withCondition(deps, claim, {
    type: conditionTypes.launched,
    status: "False",
    reason: reasons.awaitingLaunch,
    message: `Nothing is ordered yet: ${reason}`,
  });
  await patchClaim(deps, claim, { conditions }, signal);
}

/** From the place in the vendor's queue to the outcome in status. */
async function order(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  choice: Order,
  permit: LaunchPermit,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  const { account, nodeClass, offer } = choice;
  const timeouts = bootTimeouts(account, offer.gpu?.count ?? 0);
  const { userDataFormat, maxUserDataBytes } = account.provider.info();
  let userData: string;
  try {
    ({ userData } = await deps.bootstrap.prepare(claim, nodeClass, {
      labels: { ...offer.labels, ...claim.spec.labels },
      format: userDataFormat,
      maxBytes: maxUserDataBytes,
      expiresAt: deps.clock.now() + timeouts.launch + timeouts.registration,
    }, signal));
  } catch (error) {
    if (!(error instanceof UserDataError)) throw error;
    return await awaitBootstrap(deps, claim, error.message, signal);
  }
  if (deps.budget.check(claim, offer)) {
    return { kind: "requeueAfter", delayMs: 0, reason: "a limit was reached meanwhile" };
  }
  const intended = await writeIntent(deps, claim, choice, signal);
  const objection = objectTo(deps, intended, choice, signal);
  if (objection !== undefined) return await recordNotSent(deps, intended, objection, signal);
  using sending = linger(signal, deps.clock, shutdownPatienceMs);
  const outcome = await send(intended, choice, permit, userData, sending.signal);
  return await recordOutcome(deps, intended, account, offer, outcome, signal);
}

/** The machine would not know how to join: says so, and waits for the class to be mended. */
async function awaitBootstrap(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  message: string,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  const reason = reasons.bootstrapMissing;
  deps.recorder.record(occurrences.bootstrapUnusable(claim, reason, message));
  const conditions = withCondition(deps, claim, {
    type: conditionTypes.launched,
    status: "False",
    reason,
    message,
  });
  if (!isSame(conditions, claim.status?.conditions)) {
    await patchClaim(deps, claim, { conditions }, signal);
  }
  return { kind: "requeueAfter", delayMs: bootstrapMs, reason: message };
}

/** Makes the order durable before it is sent. */
async function writeIntent(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  { account, offer, ranked }: Order,
  signal: AbortSignal,
): Promise<GPUNodeClaim> {
  const now = deps.clock.now();
  const launch: Launch = {
    offer: toChosenOffer(offer),
    machineName: claim.metadata.name,
    ...(account.identity === undefined ? {} : { accountID: account.identity }),
    ...(account.entry ? { entry: account.entry } : {}),
    credentialFingerprint: account.fingerprint,
    intentTime: formatTime(now),
    sendBefore: formatTime(now + sendWindowMs),
    outcome: "Pending",
  };
  deps.budget.reserve(claim, launch);
  try {
    return await patchClaim(deps, claim, {
      offers: ranked.slice(0, shownOffers).map(({ id }) => id),
      launch,
      conditions: withCondition(deps, claim, {
        type: conditionTypes.launched,
        status: "Unknown",
        reason: reasons.launchIntended,
        message: `Ordering ${offer.instanceType} in ${
          offer.location.region ?? "any region"
        } from ${account.name}`,
      }),
    }, signal);
  } catch (error) {
    deps.budget.release(claim);
    throw error;
  }
}

/** The call. Nothing may be awaited between the last check and this. */
function send(
  claim: GPUNodeClaim,
  { account, offer }: Order,
  permit: LaunchPermit,
  userData: string,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  return account.provider.launch(
    {
      name: claim.metadata.name,
      claimUid: claim.metadata.uid ?? "",
      nodePool: claim.spec.nodePoolRef?.name ?? "",
      instanceType: offer.instanceType,
      region: offer.location.region ?? "",
      capacityType: offer.capacityType,
      workload: { kind: "machine", userData },
      sendBefore: parseTime(claim.status?.launch?.sendBefore ?? ""),
    },
    permit,
    signal,
  );
}

/** Why the order must not be sent after all; judged on what the intent's own write returned. */
function objectTo(
  deps: LaunchDeps,
  claim: GPUNodeClaim,
  { account }: Order,
  signal: AbortSignal,
): string | undefined {
  const { accounts, clock, need } = deps;
  const { name } = claim.metadata;
  if (signal.aborted) return "the controller is stopping";
  if (!deps.holdsLease()) return "this controller is no longer the leader";
  if (claim.metadata.deletionTimestamp !== undefined) return "the claim is being deleted";
  if (claim.spec.nodePoolRef && need.of(name) !== "yes") {
    return "no pod waits for this machine any more";
  }
  if (accounts.get(account.className, account.name) !== account) {
    return "the account's key or settings have just changed";
  }
  return decideBuyingProblem(account, clock.now())?.message;
}
