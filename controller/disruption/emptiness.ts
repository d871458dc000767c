/**
 * Gives empty nodes back after `consolidateAfter`.
 *
 * Owns the `Consolidatable` condition and `lastPodTime` of GPUNodeClaims. Triggered by claims, pods
 * and time.
 *
 * **Guarantees**: before a node goes it is tainted, and its pods are read again from the API server:
 * a pod that was bound in between keeps the node. Idle time counts from Initialized and from the last
 * pod's leaving, and is recorded, so a restart does not shorten it.
 *
 * @module
 */

import type { Recorder } from "../../kube/events.ts";
import type { Kube } from "../../kube/kube.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import type { Clock } from "../../runtime/clock.ts";
import { decideEmptiness, type EmptinessDecision } from "../../scheduling/emptiness.ts";
import {
  conditionTypes,
  findCondition,
  formatTime,
  parseTime,
  reasons,
} from "../../schemas/conditions.ts";
import { formatDuration, minutes } from "../../schemas/duration.ts";
import type { Node, Pod } from "../../schemas/kubernetes.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import { isEnding, stepTime } from "../node_claim/claim_state.ts";
import { patchClaim, withCondition } from "../node_claim/claim_status.ts";
import { ending } from "../node_claim/events.ts";
import type { Need } from "../need.ts";
import type { Reader } from "../reader.ts";
import { listPodsOn, taintLeaving, untaintLeaving } from "../termination/drain.ts";

/** How long a node must have been empty when the claim does not say. */
const defaultConsolidateAfter = minutes(5);

/**
 * How long a node waits for pods that are planned onto it: kube-scheduler tries a pod again at the latest
 * after ten seconds of backoff and five minutes of queueing, but an event such as a new node wakes it at
 * once. A pod that has not come within two minutes is kept away by something we do not see, and an idle
 * machine costs.
 */
const plannedPodsMs = minutes(2);

/** Collaborators. */
export interface EmptinessDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly claims: Reader<GPUNodeClaim>;
  readonly nodes: Reader<Node>;
  readonly need: Need;
  /** Pods bound to a node, as last seen. */
  podsOn(nodeName: string): readonly Pod[];
}

/** See the module. */
export class EmptinessReconciler {
  readonly #deps: EmptinessDeps;

  constructor(deps: EmptinessDeps) {
    this.#deps = deps;
  }

  /** One pass over the claim of that name. */
  async reconcile(name: string, signal: AbortSignal): Promise<ReconcileOutcome> {
    const claim = this.#deps.claims.get(name);
    if (!claim || isEnding(claim)) return { kind: "awaitChange" };
    const node = this.#deps.nodes.get(claim.status?.nodeName ?? "");
    if (!node || stepTime(claim, "Initialized") === undefined) return { kind: "awaitChange" };
    const decision = this.#decide(claim, node, this.#deps.podsOn(node.metadata.name));
    switch (decision.kind) {
      case "inUse":
        await untaintLeaving(this.#deps.kube, node, signal);
        await this.#note(claim, reasons.inUse, "Pods run on the node", {}, signal);
        return { kind: "awaitChange" };
      case "keep":
        await untaintLeaving(this.#deps.kube, node, signal);
        return { kind: "awaitChange" };
      case "wait":
        await untaintLeaving(this.#deps.kube, node, signal);
        await this.#noteEmpty(claim, signal);
        return {
          kind: "requeueAfter",
          delayMs: Math.max(1_000, decision.untilMs - this.#deps.clock.now()),
          reason: "the node is empty, but not for long enough",
        };
      case "giveBack":
        if (this.#awaitsPods(name, decision.emptySinceMs)) {
          return { kind: "requeueAfter", delayMs: 5_000, reason: "pods are planned onto the node" };
        }
        return await this.#giveBack(claim, node, signal);
    }
  }

  /** Pods that wait may be bound any moment: the scheduler may not have seen the node yet. */
  #awaitsPods(name: string, emptySinceMs: number): boolean {
    const { clock, need } = this.#deps;
    return need.of(name) === "yes" && clock.now() - emptySinceMs < plannedPodsMs;
  }

  #decide(claim: GPUNodeClaim, node: Node, pods: readonly Pod[]): EmptinessDecision {
    const wasInUse = findCondition(claim.status?.conditions, conditionTypes.consolidatable)
      ?.reason === reasons.inUse;
    const now = this.#deps.clock.now();
    return decideEmptiness({
      pods,
      annotations: node.metadata.annotations ?? {},
      initializedAt: stepTime(claim, "Initialized"),
      // Until the last pod's leaving has been recorded, it has just left.
      lastPodAt: wasInUse ? now : parseTime(claim.status?.lastPodTime),
      policy: claim.spec.consolidationPolicy ?? "WhenEmpty",
      consolidateAfter: claim.spec.consolidateAfter ?? defaultConsolidateAfter,
      now,
    });
  }

  async #noteEmpty(claim: GPUNodeClaim, signal: AbortSignal): Promise<void> {
    const condition = findCondition(claim.status?.conditions, conditionTypes.consolidatable);
    const left = condition?.reason === reasons.inUse
      ? { lastPodTime: formatTime(this.#deps.clock.now()) }
      : {};
    await this.#note(
      claim,
      reasons.empty,
      "The node is empty; it goes when it stays so",
      left,
      signal,
    );
  }

  /** Taint first, then look at live pods, then decide: the scheduler may just have used the node. */
  async #giveBack(
    claim: GPUNodeClaim,
    node: Node,
    signal: AbortSignal,
  ): Promise<ReconcileOutcome> {
    const { kube, recorder } = this.#deps;
    await taintLeaving(kube, node, signal);
    const live = await listPodsOn(kube, node.metadata.name, signal);
    const decision = this.#decide(claim, node, live);
    if (decision.kind !== "giveBack") {
      return { kind: "requeueAfter", delayMs: 1_000, reason: "a pod arrived on the node" };
    }
    const after = claim.spec.consolidateAfter ?? defaultConsolidateAfter;
    const end = {
      reason: reasons.empty,
      message: `No pod has used the node for ${formatDuration(after)}`,
    };
    await patchClaim(this.#deps, claim, { end }, signal);
    recorder.record(ending(claim, end.reason, end.message));
    return { kind: "awaitChange" };
  }

  async #note(
    claim: GPUNodeClaim,
    reason: string,
    message: string,
    patch: { readonly lastPodTime?: string },
    signal: AbortSignal,
  ): Promise<void> {
    const type = conditionTypes.consolidatable;
    if (findCondition(claim.status?.conditions, type)?.reason === reason) return;
    const status = reason === reasons.empty ? "True" : "False";
    const conditions = withCondition(this.#deps, claim, { type, status, reason, message });
    await patchClaim(this.#deps, claim, { ...patch, conditions }, signal);
  }
}
