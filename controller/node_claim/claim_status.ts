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
import { patchStatus } from "../status.ts";
import { withStep } from "./claim_state.ts";
import type { NodeClaimDeps } from "./deps.ts";
import { fitStatus } from "./fit_status.ts";
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
  const whole = fitStatus(withConsequences(deps, claim, patch));
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
