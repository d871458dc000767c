/**
 * Takes the Node of a launched machine in: labels, taints, provider ID, finalizer, owner, and the
 * unregistered taint off; all in one write.
 *
 * @module
 */

import type { Instance } from "../../providers/contract.ts";
import { nodes as nodeType } from "../../kube/resource.ts";
import { conditionTypes, isTrue, reasons } from "../../schemas/conditions.ts";
import type { Node, Taint } from "../../schemas/kubernetes.ts";
import { apiVersion, labels, taints, terminationFinalizer } from "../../schemas/labels.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import { decideAcceptance } from "../bootstrap/node_acceptance.ts";
import { plannedLabels, poolName, withStep } from "./claim_state.ts";
import { withCondition } from "./claim_status.ts";
import type { NodeClaimDeps } from "./deps.ts";
import * as occurrences from "./events.ts";

/** The status after a look at the Node; registers it when it is acceptable. */
export async function register(
  deps: NodeClaimDeps,
  claim: GPUNodeClaim,
  instance: Instance | undefined,
  signal: AbortSignal,
): Promise<NodeClaimStatus> {
  const status = claim.status ?? {};
  const node = deps.nodes.get(claim.metadata.name);
  const known = status.nodeUID !== undefined && node?.metadata.uid === status.nodeUID;
  if (isTrue(status.conditions, conditionTypes.registered) && (known || !node)) return status;
  if (!node || !instance) return awaiting(deps, claim, "The machine has not joined yet");
  const decision = decideAcceptance({
    claim,
    node,
    instance,
    apiServerVersion: deps.apiServerVersion,
  });
  if (decision.kind === "rejected") {
    deps.recorder.record(
      occurrences.registrationRefused(claim, decision.reason, decision.message),
    );
    return {
      ...status,
      conditions: withCondition(deps, claim, {
        type: conditionTypes.registered,
        status: "False",
        reason: decision.reason,
        message: decision.message,
      }),
    };
  }
  if (!known) return remember(deps, claim, node);
  await takeIn(deps, claim, node, signal);
  await deps.bootstrap.revoke(claim, signal);
  deps.recorder.record(occurrences.registered(claim));
  return {
    ...status,
    steps: withStep(status.steps, "Registered", deps.clock.now()),
    conditions: withCondition(deps, claim, {
      type: conditionTypes.registered,
      status: "True",
      reason: reasons.registered,
      message: `Node ${node.metadata.name} has joined`,
    }),
  };
}

/**
 * The accepted Node's UID is recorded before its taint goes: after a crash in between, the record and
 * not the Node says that it was accepted. A label would not do, since a kubelet can set its own.
 */
function remember(deps: NodeClaimDeps, claim: GPUNodeClaim, node: Node): NodeClaimStatus {
  return {
    ...claim.status,
    nodeName: node.metadata.name,
    ...(node.metadata.uid === undefined ? {} : { nodeUID: node.metadata.uid }),
    conditions: withCondition(deps, claim, {
      type: conditionTypes.registered,
      status: "False",
      reason: reasons.accepted,
      message: `Node ${node.metadata.name} is accepted and being taken in`,
    }),
  };
}

function awaiting(deps: NodeClaimDeps, claim: GPUNodeClaim, message: string): NodeClaimStatus {
  return {
    ...claim.status,
    conditions: withCondition(deps, claim, {
      type: conditionTypes.registered,
      status: "False",
      reason: reasons.awaitingNode,
      message,
    }),
  };
}

/** One patch with an optimistic lock, so that a half-registered node cannot exist. */
async function takeIn(
  deps: NodeClaimDeps,
  claim: GPUNodeClaim,
  node: Node,
  signal: AbortSignal,
): Promise<void> {
  const { name, uid = "" } = claim.metadata;
  const { metadata, spec } = node;
  const wanted = [...claim.spec.taints ?? [], ...startupTaints(claim, node)];
  const others = (spec?.taints ?? []).filter((taint) =>
    taint.key !== taints.unregistered && !wanted.some((want) => sameTaint(want, taint))
  );
  const pool = poolName(claim);
  await deps.kube.patch(nodeType, { name: metadata.name }, {
    metadata: {
      resourceVersion: metadata.resourceVersion,
      labels: {
        ...plannedLabels(claim),
        ...(pool === undefined ? {} : { [labels.nodePool]: pool }),
        [labels.nodeClass]: claim.spec.nodeClassRef.name,
        [labels.registered]: "true",
      },
      annotations: claim.spec.annotations ?? {},
      finalizers: [...new Set([...metadata.finalizers ?? [], terminationFinalizer])],
      ownerReferences: [
        ...(metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid),
        { apiVersion, kind: "GPUNodeClaim", name, uid, blockOwnerDeletion: true },
      ],
    },
    spec: {
      ...(spec?.providerID || claim.status?.providerID === undefined
        ? {}
        : { providerID: claim.status.providerID }),
      taints: [...others, ...wanted],
    },
  }, { signal });
}

/** Startup taints are put on once, by the machine; what has been taken off since stays off. */
function startupTaints(claim: GPUNodeClaim, node: Node): readonly Taint[] {
  return (claim.spec.startupTaints ?? []).filter((taint) =>
    node.spec?.taints?.some((present) => sameTaint(present, taint))
  );
}

function sameTaint(left: Taint, right: Taint): boolean {
  return left.key === right.key && left.effect === right.effect;
}
