/**
 * Ends claims: whatever was rented for one is given back and confirmed gone before the claim goes.
 *
 * Owns the way out of a GPUNodeClaim (from `deletionTimestamp` to the finalizer). Writes conditions
 * `Drained` and `InstanceTerminated`. Triggered by the claim, its node, and its account's lists.
 *
 * ```text
 * nothing ordered ───────────────────────────────────────────────────────────► release
 * order unknown ──► found by name ──┐          not found, settled ───────────► release
 * launched ─────────────────────────┴► revoke token ► drain ► terminate ► gone ► ledger ► release
 * ```
 *
 * **Guarantees**: the finalizer stays until the vendor's complete lists say that the machine is gone;
 * the ledger line is written first; the token dies before the machine, so a late boot cannot join.
 *
 * **Assumptions**: claims are pinned to their account; an account with machines keeps its client.
 *
 * **Caveats**: without a client for the account (Secret deleted, account changed) the claim waits and
 * says so; it is never released on hope.
 *
 * @module
 */

import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import type { Instance } from "../../providers/contract.ts";
import {
  conditionTypes,
  type ConditionUpdate,
  isTrue,
  parseTime,
  reasons,
  setCondition,
} from "../../schemas/conditions.ts";
import { terminationFinalizer } from "../../schemas/labels.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import type { Account } from "../accounts/account.ts";
import type { Accounts } from "../accounts/accounts.ts";
import { decidePresence, type Presence } from "../accounts/presence.ts";
import { cutText } from "../cut_text.ts";
import { startBilling } from "../node_claim/billing.ts";
import { moveStep, stepTime, withStep } from "../node_claim/claim_state.ts";
import { patchClaim } from "../node_claim/claim_status.ts";
import { isSame } from "../same.ts";
import { drainClaim, type DrainPhaseDeps } from "./drain_phase.ts";
import * as occurrences from "./events.ts";
import { releaseClaim, type ReleaseDeps, settleClaim } from "./release.ts";

/** Pause between looks at a machine that is ending. */
const pollMs = 5_000;
/** The order to terminate is repeated when the machine is still up after so long. */
const repeatTerminateMs = 30_000;
/**
 * The same when it is not up any more: some clouds show a machine that is being deleted as one that is
 * going off. Paperspace takes up to five minutes from the order until the machine is gone.
 */
const repeatWhenDownMs = 5 * 60_000;

/** Collaborators. */
export interface TerminationDeps extends DrainPhaseDeps, ReleaseDeps {
  readonly accounts: Accounts;
}

/** See the module. */
export class Termination {
  readonly #deps: TerminationDeps;

  constructor(deps: TerminationDeps) {
    this.#deps = deps;
  }

  /** One pass over a claim that is being deleted. */
  async reconcile(claim: GPUNodeClaim, signal: AbortSignal): Promise<ReconcileOutcome> {
    if (!claim.metadata.finalizers?.includes(terminationFinalizer)) return { kind: "awaitChange" };
    const launch = claim.status?.launch;
    if (!launch || launch.outcome === "Refused") {
      return await releaseClaim(this.#deps, claim, signal);
    }
    const account = this.#deps.accounts.get(claim.spec.nodeClassRef.name, launch.offer.account);
    if (!account) return this.#awaitAccount(claim, launch.offer.account);
    if (launch.outcome === "Launched") return await this.#end(claim, account, signal);
    return await this.#resolveUnknown(claim, account, signal);
  }

  /** Nobody heard what became of the order: only the account's own lists can tell. */
  async #resolveUnknown(
    claim: GPUNodeClaim,
    account: Account,
    signal: AbortSignal,
  ): Promise<ReconcileOutcome> {
    const presence = this.#presence(claim, account, launchTime(claim));
    if (presence.kind === "gone") return await releaseClaim(this.#deps, claim, signal);
    if (presence.kind === "undecided") return this.#poll(account, "the order's fate is unknown");
    const { instance } = presence;
    const launch = claim.status?.launch;
    await this.#patch(claim, {
      ...(launch ? { launch: { ...launch, outcome: "Launched" as const } } : {}),
      instanceID: instance.id,
      providerID: instance.providerID,
      instanceState: instance.rawState,
      // When exactly it was accepted is not known: the intent bounds it, and the bill, from below.
      steps: withStep(claim.status?.steps, "Accepted", parseTime(launch?.intentTime ?? "")),
    }, signal);
    return { kind: "awaitChange" };
  }

  async #end(
    claim: GPUNodeClaim,
    account: Account,
    signal: AbortSignal,
  ): Promise<ReconcileOutcome> {
    await this.#deps.revokeToken(claim, signal);
    const sentAt = stepTime(claim, "TerminateSent");
    if (sentAt === undefined) {
      const drained = await this.#drain(claim, account, signal);
      return drained ?? await this.#terminate(claim, account, signal);
    }
    const presence = this.#presence(claim, account, sentAt);
    if (presence.kind === "gone") return await settleClaim(this.#deps, claim, account, signal);
    const now = this.#deps.clock.now();
    if (presence.kind === "present" && !isFollowed(presence.instance, now - sentAt)) {
      await this.#order(claim, account, presence.instance.id, signal);
      // The machine went on, and so does its bill.
      await this.#patch(
        claim,
        { steps: moveStep(claim.status?.steps, "TerminateSent", now + 999) },
        signal,
      );
    }
    return this.#poll(account, "the machine is ending");
  }

  /** @returns What to wait for, or `undefined` once nothing is left to drain. */
  async #drain(
    claim: GPUNodeClaim,
    account: Account,
    signal: AbortSignal,
  ): Promise<ReconcileOutcome | undefined> {
    if (isTrue(claim.status?.conditions, conditionTypes.drained)) return undefined;
    const machine = this.#presence(claim, account, launchTime(claim));
    const state = await drainClaim(this.#deps, claim, machine, signal);
    if (state.kind === "waiting") {
      return { kind: "requeueAfter", delayMs: 1_000, reason: `${state.pods} pods to drain` };
    }
    await this.#patch(claim, {
      steps: withStep(claim.status?.steps, "Drained", this.#deps.clock.now()),
      conditions: this.#conditions(claim, {
        type: conditionTypes.drained,
        status: "True",
        reason: state.reason,
        message: state.message,
      }),
    }, signal);
    return { kind: "awaitChange" };
  }

  async #terminate(
    claim: GPUNodeClaim,
    account: Account,
    signal: AbortSignal,
  ): Promise<ReconcileOutcome> {
    const { clock, recorder } = this.#deps;
    const instanceId = claim.status?.instanceID;
    if (instanceId === undefined) {
      throw new Error("Cannot terminate: a launched claim has no instance id");
    }
    await this.#order(claim, account, instanceId, signal);
    const prices = startBilling(claim, account.lists, account.provider.info());
    await this.#patch(claim, {
      prices,
      // Whole seconds round down on the wire; our bill ends no earlier than the vendor's.
      steps: withStep(claim.status?.steps, "TerminateSent", clock.now() + 999),
      conditions: this.#conditions(claim, {
        type: conditionTypes.instanceTerminated,
        status: "False",
        reason: reasons.terminating,
        message: `The cloud accepted the order to end machine ${instanceId}`,
      }),
    }, signal);
    recorder.record(occurrences.terminating(claim, instanceId));
    return this.#poll(account, "the machine is ending");
  }

  /** Asks the vendor to end the machine. A refusal is told to the user: the machine goes on costing. */
  async #order(
    claim: GPUNodeClaim,
    account: Account,
    instanceId: string,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await account.provider.terminate(instanceId, signal);
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      this.#deps.recorder.record(occurrences.terminationFailed(claim, instanceId, why));
      await this.#noteFailure(claim, instanceId, why, signal);
      throw error;
    }
  }

  /** Events expire; the condition says for as long as it lasts that the machine goes on costing. */
  async #noteFailure(
    claim: GPUNodeClaim,
    instanceId: string,
    why: string,
    signal: AbortSignal,
  ): Promise<void> {
    const conditions = this.#conditions(claim, {
      type: conditionTypes.instanceTerminated,
      status: "False",
      reason: reasons.terminationFailed,
      message: cutText(`Machine ${instanceId} is not ended yet and costs on: ${why}`, 1024),
    });
    if (isSame(conditions, claim.status?.conditions)) return;
    await this.#patch(claim, { conditions }, signal);
  }

  #presence(claim: GPUNodeClaim, account: Account, notBefore: number): Presence {
    const settleMs = account.provider.info().settle + account.provider.info().callTimeout;
    return decidePresence({
      lists: account.lists,
      instanceId: claim.status?.instanceID,
      machineName: claim.metadata.name,
      notBefore,
      seen: claim.status?.instanceState !== undefined,
      settledAt: launchTime(claim) + settleMs,
    });
  }

  #poll(account: Account, reason: string): ReconcileOutcome {
    this.#deps.accounts.poke(account);
    return { kind: "requeueAfter", delayMs: pollMs, reason };
  }

  #awaitAccount(claim: GPUNodeClaim, name: string): ReconcileOutcome {
    this.#deps.recorder.record(occurrences.accountMissing(claim, name));
    return { kind: "requeueAfter", delayMs: 30_000, reason: `no client for account ${name}` };
  }

  #conditions(claim: GPUNodeClaim, update: ConditionUpdate): NodeClaimStatus["conditions"] {
    return setCondition(claim.status?.conditions, {
      ...update,
      observedGeneration: claim.metadata.generation,
    }, this.#deps.clock.now());
  }

  #patch(claim: GPUNodeClaim, patch: NodeClaimStatus, signal: AbortSignal): Promise<GPUNodeClaim> {
    return patchClaim(this.#deps, claim, patch, signal);
  }
}

/** Whether a machine is on its way out, or may still be, so long after the order. */
function isFollowed({ state }: Instance, sinceMs: number): boolean {
  if (state === "terminating") return true;
  return sinceMs <= (state === "stopped" ? repeatWhenDownMs : repeatTerminateMs);
}

/** The latest moment at which the order may have been sent. */
function launchTime(claim: GPUNodeClaim): number {
  const launch = claim.status?.launch;
  return stepTime(claim, "Accepted") ?? parseTime(launch?.sendBefore ?? launch?.intentTime ?? "");
}
