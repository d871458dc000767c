/**
 * Places pending pods on nodes that exist, on machines that are on their way, and on machines that are
 * worth buying.
 *
 * ```text
 *  pods ─► classes ─► existing nodes ─► planned claims ─► tiers of offers ─► claims
 *             │                                              │
 *             └► refused (why)                               └► waiting (why, pool by pool)
 * ```
 *
 * Existing nodes come first, then planned claims (their own pods before others, so that a second pass
 * over the same pods buys nothing), then purchases: pools strictly by weight, accounts strictly by
 * priority, and among equals the plan that is cheapest for the whole batch.
 *
 * The same input in any order gives the same plan.
 *
 * @module
 */

import type {
  PodRef,
  PoolReason,
  SolveClass,
  SolveInput,
  SolvePool,
  SolveResult,
  UnplacedPod,
} from "./plan.ts";
import { isProvisionable } from "./pod_kinds.ts";
import { selectorKeys } from "./selectors.ts";
import { buy } from "./solver/buying.ts";
import { readDaemons } from "./solver/daemons.ts";
import { Demand } from "./solver/demand.ts";
import { createDimensions, type Dimensions } from "./solver/dimensions.ts";
import type { Draft } from "./solver/draft.ts";
import { Host, placeAsPlanned, placeOnHosts } from "./solver/hosts.ts";
import { toNewNodes } from "./solver/new_nodes.ts";
import { listOptions, type Template, toTemplate } from "./solver/options.ts";
import { groupPods, labelKeysOfTerms, type PodClass } from "./solver/pod_classes.ts";
import { type BlockedPool, explainWaiting } from "./solver/reasons.ts";
import { observeTopology } from "./solver/observation.ts";
import type { Topology } from "./solver/topology.ts";
import { Wallet } from "./solver/wallet.ts";

export type {
  ExistingNode,
  NewNode,
  Placement,
  PlannedNode,
  PodRef,
  PoolReason,
  SolveClass,
  SolveInput,
  SolvePool,
  SolveResult,
  UnplacedPod,
} from "./plan.ts";

/**
 * Makes the plan. A pure function of its input; bad pods, pools and offers are answered with reasons,
 * never with an exception.
 */
export function solve(input: SolveInput): SolveResult {
  const { nodes } = input;
  const planned = [...input.planned].sort(byName);
  const pods = input.pods.filter(isProvisionable);
  const bound = [...nodes, ...planned].flatMap(({ pods }) => pods);
  const demanding = bound.filter(({ spec }) => spec.affinity?.podAntiAffinity);
  const neighbours = labelKeysOfTerms([...pods, ...demanding]);
  const { classes, refused } = groupPods(pods, {
    pools: new Set(input.pools.flatMap(({ spec }) => selectorKeys(spec.podSelector))),
    neighbours,
  });
  const dimensions = createDimensions(classes.map(({ requests }) => requests));
  const { templates, blocked } = readyPools(input);
  const daemons = readDaemons(input.daemons);
  const options = listOptions(templates, daemons, dimensions);
  const existing = nodes.map((node) => new Host("existing", node, { dimensions, daemons }));
  const coming = planned.map((node) => new Host("planned", node, { dimensions, daemons }));
  const sites = [...existing, ...coming];
  const topology = observeTopology({
    classes,
    residents: [...nodes, ...planned].flatMap(({ pods }, index) => {
      const site = sites[index];
      return site ? pods.map((pod) => ({ pod, site })) : [];
    }),
    labelSets: [...sites, ...options].map(({ labels }) => labels),
    labelKeys: neighbours,
  });
  const demands = toDemands(classes, topology, dimensions);
  const placements = [
    ...placeOnHosts(demands, existing, topology),
    ...placeAsPlanned(demands, coming, topology),
    ...placeOnHosts(demands, coming, topology),
  ];
  const draft = buy({ options, topology, wallet: Wallet.of(templates), demands });
  const newNodes = toNewNodes(draft, dimensions);
  const unplaced: UnplacedPod[] = refused.flatMap(({ pods, refusal }) =>
    pods.map((pod) => ({ pod, refusal, reasons: [] }))
  );
  return {
    placements,
    newNodes,
    unplaced: [...unplaced, ...waitingPods(draft, { templates, blocked })],
  };
}

function readyPools({ pools, classes }: SolveInput): {
  readonly templates: readonly Template[];
  readonly blocked: readonly BlockedPool[];
} {
  const byClassName = new Map(classes.map((nodeClass) => [nodeClass.name, nodeClass]));
  const templates: Template[] = [];
  const blocked: BlockedPool[] = [];
  for (const pool of [...pools].sort(byWeight)) {
    const nodeClass = byClassName.get(pool.spec.nodeClassRef.name);
    const reason = whyBlocked(pool, nodeClass);
    try {
      if (reason !== undefined || !nodeClass) {
        blocked.push({ name: pool.name, message: reason ?? "" });
      } else templates.push(toTemplate(pool, nodeClass));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      blocked.push({ name: pool.name, message: error.message });
    }
  }
  return { templates, blocked };
}

function whyBlocked(pool: SolvePool, nodeClass: SolveClass | undefined): string | undefined {
  if (!nodeClass) return `GPUNodeClass "${pool.spec.nodeClassRef.name}" does not exist`;
  if (pool.spec.paused) return "The pool is paused: set spec.paused to false";
  return pool.blocked ?? nodeClass.blocked;
}

function toDemands(
  classes: readonly PodClass[],
  topology: Topology,
  { toVector }: Dimensions,
): readonly Demand[] {
  return classes.map((podClass, rank) => {
    const relevance = topology.relevanceOf(podClass.sample, podClass);
    return new Demand({ rank, podClass, size: toVector(podClass.requests), relevance });
  });
}

function waitingPods(
  draft: Draft,
  pools: { readonly templates: readonly Template[]; readonly blocked: readonly BlockedPool[] },
): readonly UnplacedPod[] {
  // Classes that differ only in what neighbours see wait for the same reasons.
  const known = new Map<string, readonly PoolReason[]>();
  return draft.demands.flatMap((demand) => {
    if (demand.count === 0) return [];
    const { nodeKey, requests } = demand.podClass;
    const key = JSON.stringify([nodeKey, requests]);
    let reasons = known.get(key);
    if (!reasons) known.set(key, reasons = explainWaiting(draft, demand, pools));
    return demand.waiting.map((pod: PodRef) => ({ pod, reasons }));
  });
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}

/** The order in which pools are asked, for reasons. */
function byWeight(left: SolvePool, right: SolvePool): number {
  return (right.spec.weight ?? 10) - (left.spec.weight ?? 10) || byName(left, right);
}
