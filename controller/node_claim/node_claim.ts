/**
 * The life of a GPUNodeClaim: one request, at most one machine, ever.
 *
 * Owns GPUNodeClaim. Writes its status and conditions `Launched`, `Registered`, `Initialized`,
 * `Ready`. Triggered by the claim, its node, its account's lists and time.
 *
 * ```text
 * finalizer ─► launch ─► (resolve unknown) ─► registered ─► initialized ─► … ─► end ─► deleted
 *    └────────────── any limit passed, machine failed, nobody needs it ───────────┘
 * ```
 *
 * **Guarantees**: the finalizer precedes the order; a claim orders again only after a definite
 * refusal; every wait ends.
 *
 * **Assumptions**: one leader; one pass per claim at a time.
 *
 * **Caveats**: while an order's fate is unknown the claim still promises its node, so that the same
 * need is not served twice; that can take the vendor's settle time.
 *
 * @module
 */

import { addFinalizer } from "../../kube/finalizers.ts";
import { isNotFound } from "../../kube/kube.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import { terminationFinalizer } from "../../schemas/labels.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { Termination } from "../termination/termination.ts";
import { isSame } from "../same.ts";
import { bootTimeouts } from "./boot_timeouts.ts";
import { patchClaim } from "./claim_status.ts";
import { drawConsequences } from "./consequences.ts";
import type { LaunchDeps, NodeClaimDeps } from "./deps.ts";
import * as occurrences from "./events.ts";
import { fitStatus } from "./fit_status.ts";
import { initialize } from "./initialization.ts";
import { launch } from "./launch.ts";
import { decideLiveness } from "./liveness.ts";
import { observeInstance } from "./observation.ts";
import { OrderBudget } from "./order_budget.ts";
import { register } from "./registration.ts";
import { resolveOrder } from "./resolve_order.ts";
import { createUnneededBoots, type UnneededBoots } from "./unneeded_boot.ts";
import { createWaitingRoom } from "./waiting_room.ts";

/** A booting machine is looked at at least this often, also when no list arrives. */
const bootPollMs = 10_000;

/** See the module. */
export class NodeClaimReconciler {
  readonly #deps: LaunchDeps;
  readonly #termination: Termination;
  readonly #unneeded: UnneededBoots;

  constructor(deps: NodeClaimDeps, termination: Termination) {
    this.#deps = { ...deps, budget: new OrderBudget(deps), room: createWaitingRoom() };
    this.#termination = termination;
    this.#unneeded = createUnneededBoots(deps.clock, deps.need);
  }

  /** One pass over the claim of that name. */
  async reconcile(name: string, signal: AbortSignal): Promise<ReconcileOutcome> {
    const claim = this.#deps.claims.get(name);
    if (!claim) return { kind: "awaitChange" };
    if (claim.metadata.deletionTimestamp) return await this.#termination.reconcile(claim, signal);
    if (!claim.metadata.finalizers?.includes(terminationFinalizer)) {
      await addFinalizer(this.#deps.kube, nodeClaims, claim, terminationFinalizer);
      return { kind: "awaitChange" };
    }
    if (claim.status?.end) return await this.#delete(claim, signal);
    switch (claim.status?.launch?.outcome) {
      case undefined:
      case "Refused":
        return await launch(this.#deps, claim, signal);
      case "Pending":
      case "Unknown":
        return await resolveOrder(this.#deps, claim, signal);
      case "Launched":
        return await this.#follow(claim, signal);
    }
  }

  /** A machine is rented: follow it until the claim ends. One status patch per pass. */
  async #follow(claim: GPUNodeClaim, signal: AbortSignal): Promise<ReconcileOutcome> {
    const { accounts, clock, nodes, recorder } = this.#deps;
    const launchedOffer = claim.status?.launch?.offer;
    const account = launchedOffer &&
      accounts.get(claim.spec.nodeClassRef.name, launchedOffer.account);
    if (!account) {
      recorder.record(occurrences.accountMissing(claim, launchedOffer?.account ?? ""));
      return { kind: "requeueAfter", delayMs: bootPollMs, reason: "the account has no client" };
    }
    const node = nodes.get(claim.status?.nodeName ?? claim.metadata.name);
    const { instance, status: observed } = observeInstance({
      claim,
      lists: account.lists,
      info: account.provider.info(),
      node,
      now: clock.now(),
    });
    const registered = await register(this.#deps, { ...claim, status: observed }, instance, signal);
    const initialized = initialize(this.#deps, { ...claim, status: registered });
    const liveness = decideLiveness(
      { ...claim, status: initialized },
      bootTimeouts(account, launchedOffer.gpuCount),
      clock.now(),
    );
    const end = initialized.end ??
      (liveness.kind === "expired" ? liveness.end : undefined) ??
      (node?.metadata.deletionTimestamp ? nodeDeleted : undefined) ??
      this.#unneeded.judge({ ...claim, status: initialized });
    // As it will be stored: what does not fit would be news in every pass.
    const next = fitStatus(end ? { ...initialized, end } : initialized);
    if (end) recorder.record(occurrences.ending(claim, end.reason, end.message));
    if (!isSame(next, claim.status)) {
      await patchClaim(this.#deps, claim, next, signal);
      drawConsequences(this.#deps, claim, { account, instance, written: next });
    }
    if (end || liveness.kind === "none") return { kind: "awaitChange" };
    return { kind: "requeueAfter", delayMs: bootPollMs, reason: "the machine is booting" };
  }

  async #delete(claim: GPUNodeClaim, signal: AbortSignal): Promise<ReconcileOutcome> {
    const { name, uid } = claim.metadata;
    try {
      await this.#deps.kube.delete(nodeClaims, { name }, { preconditions: { uid }, signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return { kind: "awaitChange" };
  }
}

const nodeDeleted = Object.freeze({
  reason: reasons.nodeDeleted,
  message: "The Node was deleted; its machine goes with it",
});
