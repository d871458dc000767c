/**
 * What the solver is given and what it answers: pods placed on nodes that exist, on machines that
 * are on their way, and on machines worth buying.
 *
 * @module
 */

import type { Offer } from "../providers/contract.ts";
import type { Pod, Taint } from "../schemas/kubernetes.ts";
import type { Requirement } from "../schemas/meta.ts";
import type { MicroUsd } from "../schemas/money.ts";
import type { GPUNodePool } from "../schemas/node_pool.ts";
import type { Resources } from "../schemas/quantity.ts";
import type { Limits } from "../schemas/limits.ts";
import type { Usage } from "./budget.ts";
import type { AccountTerms } from "./offers.ts";

/** A node that exists and takes pods. Leave out nodes that are cordoned, leaving or not ready. */
export interface ExistingNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Taints as they are; a pod must tolerate them. */
  readonly taints: readonly Taint[];
  readonly allocatable: Resources;
  /** Sum of `podRequests` of the pods on it that still count. */
  readonly used: Resources;
  /** The pods on it that still count: for host ports, spreading and (anti-)affinity. */
  readonly pods: readonly Pod[];
}

/**
 * A machine on its way: a claim that may still launch, or whose node is not yet initialized.
 * `name` is the claim's; startup taints and `tgp.io/unregistered` are not among its taints.
 */
export interface PlannedNode extends ExistingNode {
  /** What the claim asked for; what is certain about its labels as long as they are not decided. */
  readonly requirements: readonly Requirement[];
  /** Whether `labels` are all the labels it will have: true once its offer cannot change any more. */
  readonly labelsDecided: boolean;
  /** UIDs of the pods it was planned for; they go there first, so that a second pass buys nothing. */
  readonly plannedPods: readonly string[];
}

/** A pool that might buy. */
export interface SolvePool {
  readonly name: string;
  readonly spec: GPUNodePool["spec"];
  /** What counts against the pool's limits. */
  readonly usage: Usage;
  /** Why it must not buy now (not ready, failing to boot, …), for people; `paused` is read from the spec. */
  readonly blocked?: string | undefined;
}

/** A class that pools refer to. */
export interface SolveClass {
  readonly name: string;
  readonly limits: Limits | undefined;
  /** What counts against the class's limits, over all its pools and claims made by hand. */
  readonly usage: Usage;
  readonly offers: readonly Offer[];
  readonly accounts: readonly AccountTerms[];
  /** Ids of offers that are remembered as out of stock. */
  readonly excludedOffers: readonly string[];
  /** Why nothing of this class may be bought now, for people. */
  readonly blocked?: string | undefined;
}

/** Everything a decision depends on; plain values, fit for `postMessage`. */
export interface SolveInput {
  /** Pending pods; those that `isProvisionable` refuses may be among them and are ignored. */
  readonly pods: readonly Pod[];
  readonly nodes: readonly ExistingNode[];
  readonly planned: readonly PlannedNode[];
  readonly pools: readonly SolvePool[];
  readonly classes: readonly SolveClass[];
  /** One model pod per DaemonSet, to know what daemons take from a new machine. */
  readonly daemons: readonly Pod[];
}

/** Which pod. */
export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** A pod that needs no purchase. */
export interface Placement {
  readonly pod: PodRef;
  /** Name of the node or claim. */
  readonly node: string;
  readonly kind: "existing" | "planned";
}

/** A machine to buy: what becomes a claim. */
export interface NewNode {
  readonly poolName: string;
  readonly className: string;
  readonly pods: readonly PodRef[];
  /** For the claim's spec: every offer that meets them, `resources` and the ceiling can run the pods. */
  readonly requirements: readonly Requirement[];
  /** What the machine must at least have allocatable: the pods, and the daemons beside them. */
  readonly resources: Resources;
  /** The claim's `maxPricePerHour`; what it reserves until its price is known. */
  readonly ceilingPerHour: MicroUsd;
  /** Price of the offer the plan counts on. */
  readonly pricePerHour: MicroUsd;
  /** Best first; the first is the one the plan counts on. */
  readonly rankedOfferIds: readonly string[];
  readonly taints: readonly Taint[];
  readonly startupTaints: readonly Taint[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Why a pool does not serve a pod. */
export interface PoolReason {
  readonly pool: string;
  readonly kind:
    | "blocked"
    | "podSelector"
    | "taints"
    | "requirements"
    | "offers"
    | "limits"
    | "neighbours";
  /** For people: why, and the smallest change that would help. */
  readonly message: string;
}

/** A pod that nobody serves. */
export interface UnplacedPod {
  readonly pod: PodRef;
  /** Set when the pod itself asks for something that is not supported; then no pool was asked. */
  readonly refusal?: string | undefined;
  readonly reasons: readonly PoolReason[];
}

/** The plan. */
export interface SolveResult {
  readonly placements: readonly Placement[];
  readonly newNodes: readonly NewNode[];
  readonly unplaced: readonly UnplacedPod[];
}
