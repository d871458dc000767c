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

import type { Recorder } from "../../kube/events.ts";
import { removeFinalizer } from "../../kube/finalizers.ts";
import { isNotFound, type Kube } from "../../kube/kube.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { nodes as nodeType } from "../../kube/resource.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import {
  conditionTypes,
  type ConditionUpdate,
  isTrue,
  parseTime,
  reasons,
  setCondition,
} from "../../schemas/conditions.ts";
import { minutes } from "../../schemas/duration.ts";
import type { Node } from "../../schemas/kubernetes.ts";
import { terminationFinalizer } from "../../schemas/labels.ts";
import {
  type GPUNodeClaim,
  type NodeClaimStatus,
  nodeClaimStatusSchema,
} from "../../schemas/node_claim.ts";
import type { Account } from "../accounts/account.ts";
import type { Accounts } from "../accounts/accounts.ts";
import { decidePresence, type Presence } from "../accounts/presence.ts";
import { cutText } from "../cut_text.ts";
import type { Ledger } from "../ledger.ts";
import { startBilling } from "../node_claim/billing.ts";
import { moveStep, stepTime, withStep } from "../node_claim/claim_state.ts";
import type { Reader } from "../reader.ts";
import { isSame } from "../same.ts";
import { patchStatus } from "../status.ts";
import { drainPass, taintLeaving } from "./drain.ts";
import { isNodeReady } from "./node_ready.ts";
import { toLedgerLine } from "./ledger_line.ts";
import * as occurrences from "./events.ts";

/** Grace for draining when neither claim nor pool says otherwise. */
const defaultGraceMs = minutes(60);
/** Pause between looks at a machine that is ending. */
const pollMs = 5_000;
/** The order to terminate is repeated when the machine is still up after so long. */
const repeatTerminateMs = 30_000;

/** Collaborators. */
export interface TerminationDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly accounts: Accounts;
  readonly nodes: Reader<Node>;
  readonly ledger: Ledger;
  /** Makes the claim's bootstrap token useless. Safe to repeat. */
  revokeToken(claim: GPUNodeClaim, signal: AbortSignal): Promise<void>;
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
    if (!launch || launch.outcome === "Refused") return await this.#release(claim, signal);
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
    if (presence.kind === "gone") return await this.#release(claim, signal);
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
    if (presence.kind === "gone") return await this.#settle(claim, account, signal);
    const now = this.#deps.clock.now();
    if (
      presence.kind === "present" && presence.instance.state !== "terminating" &&
      now - sentAt > repeatTerminateMs
    ) {
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
    const { clock, kube, nodes, recorder } = this.#deps;
    const node = nodes.get(claim.status?.nodeName ?? claim.metadata.name);
    const now = clock.now();
    // A Ready node outranks the vendor's list; a dead one whose machine is gone has nothing to drain.
    const dead = node && !isNodeReady(node) &&
      this.#presence(claim, account, launchTime(claim)).kind === "gone";
    if (!node || dead) {
      await this.#note(claim, conditionTypes.drained, reasons.nothingToDrain, "No pods to drain", {
        steps: withStep(claim.status?.steps, "Drained", now),
      }, signal);
      return { kind: "awaitChange" };
    }
    await taintLeaving(kube, node, signal);
    const deadlineMs = parseTime(claim.metadata.deletionTimestamp ?? "") +
      (claim.spec.terminationGracePeriod ?? defaultGraceMs);
    const progress = await drainPass(kube, node.metadata.name, deadlineMs, now, signal);
    for (const pod of progress.blocked) recorder.record(occurrences.drainBlocked(claim, pod));
    if (progress.remaining > 0) {
      return {
        kind: "requeueAfter",
        delayMs: 1_000,
        reason: `${progress.remaining} pods to drain`,
      };
    }
    await this.#note(claim, conditionTypes.drained, reasons.drained, "All pods have left", {
      steps: withStep(claim.status?.steps, "Drained", now),
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

  /** The machine is gone: books first, then the node, then the claim. */
  async #settle(
    claim: GPUNodeClaim,
    account: Account,
    signal: AbortSignal,
  ): Promise<ReconcileOutcome> {
    const { ledger, recorder, metrics } = this.#deps;
    const line = toLedgerLine(claim, account.provider.info());
    await ledger.write(line, signal);
    await this.#deleteNode(claim.status?.nodeName ?? claim.metadata.name, signal);
    metrics.count("tgp_claims_ended_total", { provider: line.provider, reason: line.reason });
    recorder.record(occurrences.terminated(claim, line));
    return await this.#release(claim, signal);
  }

  /** Read from the API server: a Node that the cache does not show yet would keep its finalizer for ever. */
  async #deleteNode(name: string, signal: AbortSignal): Promise<void> {
    const { kube } = this.#deps;
    try {
      const { metadata: { uid } } = await kube.get(nodeType, { name }, { signal });
      await kube.delete(nodeType, { name }, { preconditions: { uid }, signal });
      const left = await kube.get(nodeType, { name }, { signal });
      await removeFinalizer(kube, nodeType, left, terminationFinalizer);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** Nothing is rented for the claim any more. */
  async #release(claim: GPUNodeClaim, signal: AbortSignal): Promise<ReconcileOutcome> {
    await this.#deps.revokeToken(claim, signal);
    const finalizers = (claim.metadata.finalizers ?? []).filter((name) =>
      name !== terminationFinalizer
    );
    const { name, resourceVersion } = claim.metadata;
    try {
      await this.#deps.kube.patch(nodeClaims, { name }, {
        metadata: { resourceVersion, finalizers },
      }, { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return { kind: "awaitChange" };
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

  #note(
    claim: GPUNodeClaim,
    type: string,
    reason: string,
    message: string,
    patch: NodeClaimStatus,
    signal: AbortSignal,
  ): Promise<GPUNodeClaim> {
    const conditions = this.#conditions(claim, { type, status: "True", reason, message });
    return this.#patch(claim, { ...patch, conditions }, signal);
  }

  #patch(claim: GPUNodeClaim, patch: NodeClaimStatus, signal: AbortSignal): Promise<GPUNodeClaim> {
    return patchStatus(this.#deps.kube, nodeClaims, claim, nodeClaimStatusSchema, patch, signal);
  }
}

/** The latest moment at which the order may have been sent. */
function launchTime(claim: GPUNodeClaim): number {
  const launch = claim.status?.launch;
  return stepTime(claim, "Accepted") ?? parseTime(launch?.sendBefore ?? launch?.intentTime ?? "");
}
