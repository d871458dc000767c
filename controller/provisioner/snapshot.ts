/**
 * The world as the solver sees it: built from caches, nodes and claims before pods.
 *
 * The order makes the race harmless: a pod that is bound in between is seen as bound, and one that
 * appears in between is missed until the next pass; neither buys a machine twice.
 *
 * What one node or pod says in a way that cannot be read must not stop buying for everybody.
 *
 * @module
 */

import { computeUsage, type Usage } from "../../scheduling/budget.ts";
import { podRequests } from "../../scheduling/pod_requests.ts";
import type {
  ExistingNode,
  PlannedNode,
  SolveClass,
  SolveInput,
  SolvePool,
} from "../../scheduling/plan.ts";
import type { Node, Pod } from "../../schemas/kubernetes.ts";
import { taints } from "../../schemas/labels.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import { addResources, parseResources, type Resources } from "../../schemas/quantity.ts";
import type { Account } from "../accounts/account.ts";
import { type LedgerLine, meteredTimeOfLine } from "../ledger.ts";
import { collectOffers, collectSoldOut, toAccountTerms } from "../node_claim/candidates.ts";
import {
  isEnding,
  plannedCapacity,
  plannedLabels,
  poolName,
  promisesCapacity,
  stepTime,
} from "../node_claim/claim_state.ts";
import { decidePoolHealth, isBooting, type PoolHealth } from "../node_pool/pool_health.ts";
import { isNodeReady } from "../termination/node_ready.ts";
import type { DeviceTolerance } from "./device_tolerance.ts";
import { collectDaemons } from "./daemons.ts";
import { readPlannedPods } from "./new_claim.ts";

/** What a snapshot is made of. */
export interface SnapshotInput {
  readonly nodes: readonly Node[];
  readonly claims: readonly GPUNodeClaim[];
  readonly pools: readonly GPUNodePool[];
  readonly classes: readonly GPUNodeClass[];
  readonly pods: readonly Pod[];
  accountsOf(className: string): readonly Account[];
  readonly ended: readonly LedgerLine[];
  /** UIDs of the pods planned onto a claim; `undefined` while no pass has been made. */
  podsPlannedOnto(claim: string): readonly string[] | undefined;
  readonly devices: DeviceTolerance;
  readonly now: number;
}

/** Builds the solver's input. */
export function takeSnapshot(input: SnapshotInput): SolveInput {
  const { claims, pods } = input;
  const podsByNode = groupByNode(pods);
  const claimsByNode = new Map(
    claims.map((claim) => [claim.status?.nodeName ?? claim.metadata.name, claim]),
  );
  return {
    pods: pods.filter((pod) => pod.spec.nodeName === undefined),
    nodes: input.nodes.flatMap((node) =>
      toExistingNode(input, node, claimsByNode.get(node.metadata.name), podsByNode)
    ),
    planned: claims
      .filter((claim) => promisesCapacity(claim) && stepTime(claim, "Initialized") === undefined)
      .map((claim) => toPlannedNode(input, claim, podsByNode)),
    pools: input.pools.filter(({ metadata }) => !metadata.deletionTimestamp).map((pool) =>
      toSolvePool(input, pool)
    ),
    classes: input.classes.map((nodeClass) => toSolveClass(input, nodeClass)),
    daemons: collectDaemons(pods),
  };
}

function groupByNode(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    const finished = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    if (nodeName === undefined || finished) continue;
    const group = groups.get(nodeName);
    if (group) group.push(pod);
    else groups.set(nodeName, [pod]);
  }
  return groups;
}

/** A node that takes pods now; one whose claim is still booting is planned instead. */
function toExistingNode(
  input: SnapshotInput,
  node: Node,
  claim: GPUNodeClaim | undefined,
  podsByNode: ReadonlyMap<string, readonly Pod[]>,
): readonly ExistingNode[] {
  const { metadata, spec, status } = node;
  const leaving = metadata.deletionTimestamp !== undefined || spec?.unschedulable === true ||
    spec?.taints?.some(({ key }) => key === taints.disrupted || key === taints.unregistered);
  if (leaving || !isNodeReady(node)) return [];
  if (claim && (isEnding(claim) || stepTime(claim, "Initialized") === undefined)) return [];
  const reported = readResources(() => parseResources(status?.allocatable));
  if (!reported) return [];
  const pods = podsByNode.get(metadata.name) ?? [];
  return [{
    name: metadata.name,
    labels: metadata.labels ?? {},
    taints: spec?.taints ?? [],
    allocatable: claim
      ? input.devices.allocatable(metadata.name, reported, plannedCapacity(claim))
      : reported,
    used: sumRequests(pods),
    pods,
  }];
}

function toPlannedNode(
  input: SnapshotInput,
  claim: GPUNodeClaim,
  podsByNode: ReadonlyMap<string, readonly Pod[]>,
): PlannedNode {
  const pods = podsByNode.get(claim.metadata.name) ?? [];
  const launch = claim.status?.launch;
  return {
    name: claim.metadata.name,
    labels: plannedLabels(claim),
    taints: claim.spec.taints ?? [],
    allocatable: plannedCapacity(claim),
    used: sumRequests(pods),
    pods,
    requirements: claim.spec.requirements ?? [],
    labelsDecided: launch?.outcome === "Launched" || launch?.outcome === "Unknown",
    plannedPods: input.podsPlannedOnto(claim.metadata.name) ?? readPlannedPods(claim),
  };
}

function toSolvePool(input: SnapshotInput, pool: GPUNodePool): SolvePool {
  const { name } = pool.metadata;
  const claims = input.claims.filter((claim) => poolName(claim) === name);
  const ended = input.ended.filter((line) => line.nodePool === name);
  const health = decidePoolHealth({ claims, ended, now: input.now });
  const usage = usageOf(claims, ended, input.now);
  const blocked = poolProblem(input, pool, health, claims);
  // A pool that tries again buys one machine, however many pods wait.
  const spec = health.kind === "trying" ? withNodeLimit(pool.spec, usage.nodes + 1) : pool.spec;
  return { name, spec, usage, ...(blocked === undefined ? {} : { blocked }) };
}

/** Why a pool must not buy now. */
function poolProblem(
  { classes }: SnapshotInput,
  pool: GPUNodePool,
  health: PoolHealth,
  claims: readonly GPUNodeClaim[],
): string | undefined {
  const className = pool.spec.nodeClassRef.name;
  if (!classes.some(({ metadata }) => metadata.name === className)) {
    return `GPUNodeClass "${className}" does not exist`;
  }
  if (health.kind === "coolingDown") return health.message;
  if (health.kind === "trying" && claims.some(isBooting)) return health.message;
  return undefined;
}

function withNodeLimit(spec: GPUNodePool["spec"], nodes: number): GPUNodePool["spec"] {
  const own = spec.limits?.nodes ?? nodes;
  return { ...spec, limits: { ...spec.limits, nodes: Math.min(own, nodes) } };
}

function toSolveClass(input: SnapshotInput, nodeClass: GPUNodeClass): SolveClass {
  const { name } = nodeClass.metadata;
  const accounts = input.accountsOf(name);
  const blocked = classProblem(nodeClass, accounts);
  return {
    name,
    limits: nodeClass.spec.limits,
    usage: usageOf(
      input.claims.filter((claim) => claim.spec.nodeClassRef.name === name),
      input.ended.filter((line) => line.nodeClass === name),
      input.now,
    ),
    offers: collectOffers(accounts),
    accounts: accounts.map((account) => toAccountTerms(account, input.now)),
    excludedOffers: collectSoldOut(accounts, input.now),
    ...(blocked === undefined ? {} : { blocked }),
  };
}

/** Why nothing of a class may be bought now. */
function classProblem(
  nodeClass: GPUNodeClass,
  accounts: readonly Account[],
): string | undefined {
  const { metadata, spec } = nodeClass;
  if (metadata.deletionTimestamp) return `GPUNodeClass "${metadata.name}" is being deleted`;
  if (!spec.bootstrap?.kubeadm) {
    return `GPUNodeClass "${metadata.name}" has no spec.bootstrap.kubeadm`;
  }
  if (accounts.length > 0) return undefined;
  const ready = nodeClass.status?.conditions?.find(({ type }) => type === "Ready");
  return `GPUNodeClass "${metadata.name}" is not ready: ${
    ready?.message ?? "no account works yet"
  }`;
}

function usageOf(
  claims: readonly GPUNodeClaim[],
  ended: readonly LedgerLine[],
  now: number,
): Usage {
  return computeUsage({ claims, ledger: ended.map(meteredTimeOfLine), now });
}

function sumRequests(pods: readonly Pod[]): Resources {
  return pods.reduce<Resources>(
    (sum, pod) => addResources(sum, readResources(() => podRequests(pod)) ?? {}),
    {},
  );
}

/** `undefined` for quantities in a notation that we do not know. */
function readResources(read: () => Resources): Resources | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}
