/**
 * Writing a claim's status.
 *
 * @module
 */

import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import { type Condition, type ConditionUpdate, setCondition } from "../../schemas/conditions.ts";
import {
  type GPUNodeClaim,
  type NodeClaimStatus,
  nodeClaimStatusSchema,
} from "../../schemas/node_claim.ts";
import { cutText } from "../cut_text.ts";
import { patchStatus } from "../status.ts";
import { withStep } from "./claim_state.ts";
import type { NodeClaimDeps } from "./deps.ts";
import { decideReady } from "./readiness.ts";

type WriterDeps = Pick<NodeClaimDeps, "kube" | "clock">;

/**
 * Patches fields of the status, if nobody wrote since the claim was read; what follows from them is
 * written with them. @throws KubeError 409
 */
export function patchClaim(
  deps: WriterDeps,
  claim: GPUNodeClaim,
  patch: NodeClaimStatus,
  signal?: AbortSignal,
): Promise<GPUNodeClaim> {
  const whole = fit(withConsequences(deps, claim, patch));
  return patchStatus(deps.kube, nodeClaims, claim, nodeClaimStatusSchema, whole, signal);
}

/** Adds the condition `Ready`, when the end was decided, and which generation all this is about. */
function withConsequences(
  { clock }: WriterDeps,
  claim: GPUNodeClaim,
  patch: NodeClaimStatus,
): NodeClaimStatus {
  const status = { ...claim.status, ...patch };
  const next = { metadata: claim.metadata, status };
  const ends = status.end !== undefined && claim.status?.end === undefined;
  const { generation } = claim.metadata;
  return {
    ...patch,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: withCondition({ clock }, next, decideReady(next)),
    ...(ends ? { steps: withStep(status.steps, "EndDecided", clock.now()) } : {}),
  };
}

/**
 * Cuts what vendors say to what the schema holds: a status that is too long could never be written,
 * and the claim would be stuck.
 */
function fit(patch: NodeClaimStatus): NodeClaimStatus {
  const { launch, end, refusedOffers, conditions, instanceState, addresses } = patch;
  return {
    ...patch,
    ...(launch?.message === undefined
      ? {}
      : { launch: { ...launch, message: cutText(launch.message, 2048) } }),
    ...(end ? { end: { ...end, message: cutText(end.message, 2048) } } : {}),
    ...(refusedOffers
      ? {
        refusedOffers: refusedOffers.map((offer) => ({
          ...offer,
          description: cutText(offer.description, 256),
          message: cutText(offer.message, 1024),
        })),
      }
      : {}),
    ...(conditions
      ? {
        conditions: conditions.map((condition) => ({
          ...condition,
          message: cutText(condition.message, 32768),
        })),
      }
      : {}),
    ...(instanceState === undefined ? {} : { instanceState: cutText(instanceState, 64) }),
    ...(addresses ? { addresses: addresses.slice(0, 8) } : {}),
  };
}

/** The claim's conditions with one replaced. */
export function withCondition(
  deps: Pick<NodeClaimDeps, "clock">,
  claim: Pick<GPUNodeClaim, "status" | "metadata">,
  update: ConditionUpdate,
): Condition[] {
  const observedGeneration = claim.metadata.generation;
  return setCondition(
    claim.status?.conditions,
    { ...update, ...(observedGeneration === undefined ? {} : { observedGeneration }) },
    deps.clock.now(),
  );
}

/** Records why a claim ends; the next pass deletes it. A claim ends once: the first reason stands. */
export async function endClaim(
  deps: WriterDeps,
  claim: GPUNodeClaim,
  end: NonNullable<NodeClaimStatus["end"]>,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  if (!claim.status?.end) await patchClaim(deps, claim, { end }, signal);
  return { kind: "awaitChange" };
}
