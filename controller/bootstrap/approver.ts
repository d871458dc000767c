/**
 * Signs off the certificate requests of joining machines.
 *
 * Owns nothing; writes the approval of CertificateSigningRequests and `approvedCSRs` of GPUNodeClaims.
 * Triggered by requests made with one of our tokens; {@linkcode isOurOpenRequest} tells which.
 *
 * **Guarantees.** At most {@linkcode maxApprovals} requests are signed off per claim: the count is
 * recorded, under an optimistic lock, before the approval is sent. What is decided is decided on
 * objects read from the API server, never from a cache.
 *
 * **Assumptions.** No binding gives the bootstrap group, or `system:bootstrappers` as a whole,
 * Kubernetes' automatic approval.
 *
 * **Caveats.** A crash between count and approval counts twice.
 *
 * @module
 */

import { type Recorder, toObjectReference } from "../../kube/events.ts";
import { isNotFound, type Kube } from "../../kube/kube.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { certificateSigningRequests, nodes, type ResourceType } from "../../kube/resource.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { formatTime } from "../../schemas/conditions.ts";
import type { CertificateSigningRequest, KubernetesObject } from "../../schemas/kubernetes.ts";
import { type GPUNodeClaim, nodeClaimStatusSchema } from "../../schemas/node_claim.ts";
import { patchStatus } from "../status.ts";
import {
  type CsrContext,
  type CsrDecision,
  decideCsr,
  findRequestedNode,
  isOurOpenRequest,
} from "./csr.ts";
import { findIssuedTokenId } from "./token_issue.ts";

/** Collaborators. */
export interface ApproverDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  /** The controller's own namespace, where tokens are recorded. */
  readonly namespace: string;
}

/** See the module. */
export interface Approver {
  /**
   * Judges one request.
   *
   * @param name Name of the CertificateSigningRequest.
   * @throws {KubeError} If the API server refuses; run again.
   */
  reconcile(name: string, signal: AbortSignal): Promise<ReconcileOutcome>;
}

/** Pause before a request is judged again whose order is not settled; a kubelet waits for minutes. */
const waitMs = 5_000;

/** Makes the approver; does nothing by itself. */
export function createApprover(deps: ApproverDeps): Approver {
  return { reconcile: (name, signal) => reconcile(deps, name, signal) };
}

async function reconcile(
  deps: ApproverDeps,
  name: string,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  const csr = await find(deps, certificateSigningRequests, name, signal);
  if (csr === undefined || !isOurOpenRequest(csr)) return { kind: "awaitChange" };
  const context = await loadContext(deps, csr, signal);
  const decision = decideCsr(csr, context);
  switch (decision.kind) {
    case "ignore":
      return { kind: "awaitChange" };
    case "wait":
      return { kind: "requeueAfter", delayMs: waitMs, reason: decision.message };
    case "approve":
      if (context.claim !== undefined) await countApproval(deps, context.claim, signal);
      break;
    case "deny":
      break;
  }
  await settle(deps, csr, decision, signal);
  announce(deps, csr, context.claim, decision);
  return { kind: "awaitChange" };
}

/** Everything the decision depends on, as the API server has it now. */
async function loadContext(
  deps: ApproverDeps,
  csr: CertificateSigningRequest,
  signal: AbortSignal,
): Promise<CsrContext> {
  const name = findRequestedNode(csr);
  if (name === undefined) return { claim: undefined, tokenId: undefined, nodeExists: false };
  const claim = await find(deps, nodeClaims, name, signal);
  const { kube, namespace } = deps;
  return {
    claim,
    tokenId: claim && await findIssuedTokenId(kube, claim, { namespace, signal }),
    nodeExists: await find(deps, nodes, name, signal) !== undefined,
  };
}

async function countApproval(
  deps: ApproverDeps,
  claim: GPUNodeClaim,
  signal: AbortSignal,
): Promise<void> {
  const approvedCSRs = (claim.status?.approvedCSRs ?? 0) + 1;
  await patchStatus(deps.kube, nodeClaims, claim, nodeClaimStatusSchema, { approvedCSRs }, signal);
}

type Verdict = Extract<CsrDecision, { kind: "approve" | "deny" }>;

/** Writes the verdict; a request that changed meanwhile is judged again. */
async function settle(
  { kube, clock }: ApproverDeps,
  csr: CertificateSigningRequest,
  decision: Verdict,
  signal: AbortSignal,
): Promise<void> {
  const now = formatTime(clock.now());
  const condition = {
    type: decision.kind === "approve" ? "Approved" : "Denied",
    status: "True",
    reason: decision.reason,
    message: decision.message,
    lastUpdateTime: now,
    lastTransitionTime: now,
  };
  const conditions = [...csr.status?.conditions ?? [], condition];
  const body = { ...csr, status: { ...csr.status, conditions } };
  await kube.replace(certificateSigningRequests, body, { subresource: "approval", signal });
}

function announce(
  { log, metrics, recorder }: ApproverDeps,
  csr: CertificateSigningRequest,
  claim: GPUNodeClaim | undefined,
  decision: Verdict,
): void {
  const { reason, message } = decision;
  const denied = decision.kind === "deny";
  metrics.count("tgp_certificate_requests_total", { decision: decision.kind });
  const fields = { csr: csr.metadata.name, requester: csr.spec.username, reason: message };
  if (denied) log.warn("Denied certificate request", fields);
  else log.info("Approved certificate request", fields);
  const object = toObjectReference(claim ?? csr);
  recorder.record({ object, type: denied ? "Warning" : "Normal", reason, message });
}

async function find<T extends KubernetesObject>(
  { kube }: ApproverDeps,
  type: ResourceType<T>,
  name: string,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await kube.get(type, { name }, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
