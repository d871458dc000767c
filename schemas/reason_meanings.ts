/**
 * What each reason means, for the reference and the runbook.
 *
 * @module
 */

import type { reasons } from "./conditions.ts";
import type { ResourceKind } from "./definitions.ts";

/** Where a reason is used, and what it says to a user. */
export interface ReasonMeaning {
  readonly kinds: readonly ResourceKind[];
  readonly meaning: string;
}

function on(kinds: readonly ResourceKind[], meaning: string): ReasonMeaning {
  return { kinds, meaning };
}

const all: readonly ResourceKind[] = ["GPUNodeClass", "GPUNodePool", "GPUNodeClaim"];
const nodeClass: readonly ResourceKind[] = ["GPUNodeClass"];
const nodePool: readonly ResourceKind[] = ["GPUNodePool"];
const claim: readonly ResourceKind[] = ["GPUNodeClaim"];
const classAndClaim: readonly ResourceKind[] = ["GPUNodeClass", "GPUNodeClaim"];
const poolAndClaim: readonly ResourceKind[] = ["GPUNodePool", "GPUNodeClaim"];

/** The meaning of every reason; the type asks for all of them. */
export const reasonMeanings: Readonly<Record<keyof typeof reasons, ReasonMeaning>> = {
  ready: on(all, "Everything it needs is there"),
  pending: on(nodeClass, "It was not judged yet"),
  allResolved: on(nodeClass, "Every enabled account's key was found and accepted"),
  secretNotFound: on(nodeClass, "The Secret that `credentialsRef` names does not exist"),
  secretKeyNotFound: on(nodeClass, "The Secret exists, the key in it does not"),
  secretNamespaceNotAllowed: on(
    nodeClass,
    "The Secret is in a namespace that the controller's operator has not allowed",
  ),
  credentialsMalformed: on(nodeClass, "The Secret's value cannot be an API key of this cloud"),
  credentialsRejected: on(nodeClass, "The cloud rejects the API key"),
  accountChanged: on(
    nodeClass,
    "The new key belongs to another account than the running machines; the old key stays in use",
  ),
  unsupportedProvider: on(nodeClass, "No cloud of this name is supported"),
  providerUnreachable: on(nodeClass, "The cloud does not answer, or not in its documented form"),
  allReachable: on(nodeClass, "Every enabled account answered and accepted its key"),
  bootstrapMissing: on(
    classAndClaim,
    "`spec.bootstrap` is missing or cannot be used: bought machines could not join",
  ),
  providerBlockMissing: on(nodeClass, "The account lacks the block of its cloud's own options"),
  providerMisconfigured: on(
    nodeClass,
    "The cloud accepts the key, and refuses what the class says of the account; the message names it",
  ),
  notJoinable: on(
    nodeClass,
    "Machines of this account could not join the cluster: its offers are shown and not bought",
  ),
  providerDisabled: on(nodeClass, "The account has `enabled: false`, or every account has"),
  catalogRefreshed: on(nodeClass, "Offers and prices were read recently"),
  deletionHeld: on(
    nodeClass,
    "The class was deleted, and claims still refer to it: it goes with the last of their machines",
  ),
  catalogStale: on(nodeClass, "Offers and prices could not be read for a while"),
  nodeClassNotFound: on(poolAndClaim, "The class that `nodeClassRef` names does not exist"),
  nodeClassNotReady: on(nodePool, "The class cannot buy; its own conditions say why"),
  paused: on(poolAndClaim, "The pool has `paused: true`"),
  withinLimits: on(nodePool, "No limit is reached"),
  limitReached: on(poolAndClaim, "A limit is reached; the message names it"),
  bootsSucceed: on(nodePool, "Machines get as far as serving pods"),
  bootFailures: on(
    nodePool,
    "Several machines in a row did not get as far as serving pods; buying pauses, then one is tried",
  ),
  awaitingLaunch: on(claim, "No order was written yet"),
  launchIntended: on(claim, "An order is written and being sent"),
  launchUnknown: on(
    claim,
    "The cloud's answer to the order was lost: a machine may exist, the account is being searched",
  ),
  launched: on(claim, "The cloud accepted the order"),
  adopted: on(claim, "The answer was lost, and the machine was found by its name"),
  noOfferLeft: on(claim, "Every suitable offer was refused"),
  accountBlocked: on(classAndClaim, "The account refuses orders: billing, quota or key"),
  notNeeded: on(claim, "The pods it was meant for are gone or found another place"),
  abandoned: on(claim, "The answer was lost, and no machine appeared under its name"),
  awaitingNode: on(claim, "The machine runs; its Node has not joined yet"),
  accepted: on(claim, "The Node passed every check and is being taken in"),
  registered: on(claim, "The Node was matched to this claim"),
  unknownNode: on(claim, "A Node joined that belongs to no launched claim"),
  staleNode: on(claim, "The Node of an earlier machine still exists"),
  taintMissing: on(claim, "The Node joined without the taint that rented machines join with"),
  addressMismatch: on(claim, "The Node reports other addresses than the cloud"),
  instanceNotRunning: on(claim, "A Node joined before the cloud says that the machine runs"),
  versionSkew: on(claim, "The Node's kubelet is newer than the API server, or too old for it"),
  csrRejected: on(claim, "A certificate request asked for more than this claim's machine may have"),
  csrApproved: on(claim, "The machine's certificate request was signed off"),
  networkNotReady: on(claim, "The cluster's network is not up on the Node yet"),
  providerIdMismatch: on(claim, "The Node carries another provider id than the machine"),
  awaitingReady: on(claim, "The Node is not Ready yet"),
  startupTaintsPresent: on(claim, "A startup taint has not been removed yet"),
  resourceNotRegistered: on(claim, "The Node does not offer its GPUs yet"),
  gpuCountMismatch: on(claim, "The Node offers another number of GPUs than was bought"),
  initialized: on(claim, "The Node's GPUs can be used"),
  outOfCapacity: on(
    claim,
    "The cloud took the order and had no machine for it after all; another offer is tried",
  ),
  bootFailed: on(claim, "The cloud took the order and could not start the machine"),
  launchTimeout: on(claim, "The machine did not run in time"),
  registrationTimeout: on(claim, "The Node did not join in time"),
  initializationTimeout: on(claim, "The GPUs did not become usable in time"),
  instanceFailed: on(claim, "The cloud reports that the machine failed"),
  instanceStopped: on(
    claim,
    "Somebody or something shut the running machine down; it would cost on, so it is given back",
  ),
  nodeDeleted: on(claim, "Somebody deleted the Node; its machine is given back with it"),
  instanceVanished: on(claim, "The cloud no longer has the machine, and nobody here ended it"),
  empty: on(claim, "No pod has needed the node for `consolidateAfter`"),
  inUse: on(claim, "Pods use the node, or did a moment ago"),
  drained: on(claim, "No pod that counts is left"),
  nothingToDrain: on(claim, "There is no Node to drain"),
  terminationFailed: on(
    claim,
    "The cloud did not take the order to end the machine, which costs on; it is repeated",
  ),
  terminating: on(claim, "The cloud was asked to end the machine and still lists it"),
  terminated: on(claim, "The cloud confirmed that the machine is gone"),
};
