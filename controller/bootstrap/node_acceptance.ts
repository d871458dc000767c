/**
 * Whether a Node that appeared is the machine its claim paid for. Pure.
 *
 * A rented host is not trusted, and whoever read a machine's user data could join once in its place:
 * these checks decide before any pod can land on the Node.
 *
 * @module
 */

import { findVersionSkew } from "../../kube/preflight/version_skew.ts";
import { conditionTypes, isTrue, parseTime, reasons } from "../../schemas/conditions.ts";
import type { Node } from "../../schemas/kubernetes.ts";
import { taints } from "../../schemas/labels.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { Instance } from "../../providers/contract.ts";

/** What is known when a Node of a claim's name is seen. */
export interface AcceptanceInput {
  readonly claim: GPUNodeClaim;
  readonly node: Node;
  /** The claim's machine as the cloud describes it; `null` when the cloud says there is none. */
  readonly instance: Pick<Instance, "state" | "rawState" | "addresses" | "providerID"> | null;
  /** `gitVersion` of the API server, such as `v1.36.0`; absent: the version is not checked. */
  readonly apiServerVersion?: string | undefined;
}

/** Take the Node in, or leave its taint on and let the deadline decide. */
export type AcceptanceDecision =
  | { readonly kind: "accepted" }
  | { readonly kind: "rejected"; readonly reason: string; readonly message: string };

/**
 * How far the controller's clock may run ahead of the API server's before a Node of our own machine
 * looks older than the order; no machine boots faster than it is ordered, so this costs nothing.
 */
const clockSkewMs = 5 * 60_000;

/** Judges a Node. */
export function decideAcceptance(input: AcceptanceInput): AcceptanceDecision {
  for (const check of [checkClaim, checkAge, checkTaint, checkInstance, checkVersion]) {
    const rejection = check(input);
    if (rejection !== undefined) return rejection;
  }
  return { kind: "accepted" };
}

type Rejection = Extract<AcceptanceDecision, { kind: "rejected" }>;

function checkClaim({ claim, node }: AcceptanceInput): Rejection | undefined {
  const { name, deletionTimestamp } = claim.metadata;
  const launched = isTrue(claim.status?.conditions, conditionTypes.launched);
  if (node.metadata.name === name && launched && deletionTimestamp === undefined) return undefined;
  return reject(
    reasons.unknownNode,
    `Node "${node.metadata.name}" joined with our naming, but no launched claim has this name`,
  );
}

function checkAge({ claim, node }: AcceptanceInput): Rejection | undefined {
  const created = parseTime(node.metadata.creationTimestamp) ?? 0;
  const intent = parseTime(claim.status?.launch?.intentTime) ?? 0;
  const claimed = parseTime(claim.metadata.creationTimestamp) ?? 0;
  if (created >= Math.max(claimed, intent - clockSkewMs)) return undefined;
  return reject(
    reasons.staleNode,
    `Node "${node.metadata.name}" was created before its machine was ordered: delete the Node`,
  );
}

/**
 * Only at first sight: once the claim's status names this Node's UID, the controller itself has taken
 * the taint away.
 */
function checkTaint({ claim, node }: AcceptanceInput): Rejection | undefined {
  if (claim.status?.nodeUID !== undefined && claim.status.nodeUID === node.metadata.uid) {
    return undefined;
  }
  const tainted = node.spec?.taints?.some((taint) =>
    taint.key === taints.unregistered && taint.effect === "NoExecute"
  );
  if (tainted) return undefined;
  return reject(
    reasons.taintMissing,
    `Node "${node.metadata.name}" registered without the taint ${taints.unregistered}:NoExecute; ` +
      "its user data was changed, or something else removed the taint",
  );
}

function checkInstance({ node, instance }: AcceptanceInput): Rejection | undefined {
  if (instance?.state !== "running") {
    const state = instance === null ? "has no such machine" : `calls it "${instance.rawState}"`;
    return reject(
      reasons.instanceNotRunning,
      `Node "${node.metadata.name}" registered, but the cloud ${state}`,
    );
  }
  const own = node.spec?.providerID;
  if (own && own !== instance.providerID) {
    return reject(
      reasons.providerIdMismatch,
      `Node "${node.metadata.name}" says it is "${own}", its claim's machine is ` +
        `"${instance.providerID}"`,
    );
  }
  return checkAddresses(node, instance.addresses);
}

function checkAddresses(node: Node, ofInstance: readonly string[]): Rejection | undefined {
  const ofNode = (node.status?.addresses ?? []).map(({ address }) => address);
  if (ofNode.some((address) => ofInstance.includes(address))) return undefined;
  return reject(
    reasons.addressMismatch,
    `Node "${node.metadata.name}" has the addresses ${list(ofNode)}, the cloud says its machine ` +
      `has ${list(ofInstance)}`,
  );
}

function checkVersion({ node, apiServerVersion }: AcceptanceInput): Rejection | undefined {
  if (apiServerVersion === undefined) return undefined;
  const kubeletVersion = String(node.status?.nodeInfo?.["kubeletVersion"] ?? "");
  const problem = findVersionSkew(kubeletVersion, apiServerVersion);
  return problem === undefined ? undefined : reject(reasons.versionSkew, problem);
}

function reject(reason: string, message: string): Rejection {
  return { kind: "rejected", reason, message };
}

/** Addresses come from an untrusted machine: few, short and quoted. */
function list(addresses: readonly string[]): string {
  const shown = addresses.slice(0, 4).map((address) => JSON.stringify(address.slice(0, 64)));
  return shown.length === 0 ? "none" : shown.join(", ");
}
