/**
 * Nodes that exist and machines on their way, as places for pods.
 *
 * @module
 */

import { labels as labelKeys } from "../../schemas/labels.ts";
import { addResources, type Quantity, type Resources } from "../../schemas/quantity.ts";
import { labelOf } from "../label_of.ts";
import { nodeNameField } from "../node_constraints.ts";
import type { ExistingNode, Placement, PlannedNode, PodRef } from "../plan.ts";
import { isDaemonPod } from "../pod_kinds.ts";
import {
  intersect,
  isSubset,
  parseRequirements,
  type Requirements,
  requirementsOfLabels,
  satisfies,
} from "../requirements.ts";
import { findUntolerated } from "../taints.ts";
import { addLoad, countFitting, type Dimensions, hasRoom } from "./dimensions.ts";
import { type Daemon, readDaemons, sumOverhead, tolerantDaemons } from "./daemons.ts";
import type { Demand } from "./demand.ts";
import { collides, type HostPort, hostPortsOf } from "./host_ports.ts";
import { type Site, type Topology, undecided } from "./topology.ts";

/** One place. */
export class Host implements Site {
  readonly name: string;
  readonly kind: Placement["kind"];
  readonly free: Float64Array;
  /** UIDs of the pods that it was planned for. */
  readonly plannedPods: readonly string[];
  readonly #node: ExistingNode;
  // Most hosts are full, and nobody ever asks for these.
  #labels: Readonly<Record<string, string>> | undefined;
  #ports: HostPort[] | undefined;
  /** What is certain of the labels of a machine that is not bought yet. */
  readonly #certain: Requirements | undefined;

  constructor(
    kind: Placement["kind"],
    node: ExistingNode & Partial<PlannedNode>,
    { dimensions: { toVector }, daemons }: {
      readonly dimensions: Dimensions;
      readonly daemons: readonly Daemon[];
    },
  ) {
    this.name = node.name;
    this.kind = kind;
    this.#node = node;
    this.free = toVector(node.allocatable);
    addLoad(this.free, toVector(node.used), -1);
    this.plannedPods = node.plannedPods ?? [];
    this.#certain = kind === "planned" && !node.labelsDecided
      ? intersect(parseRequirements(node.requirements), requirementsOfLabels(this.labels))
      : undefined;
    if (kind === "planned") addLoad(this.free, toVector(this.#comingDaemons(node, daemons)), -1);
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#labels ??= {
      [labelKeys.hostname]: this.name,
      [labelKeys.os]: "linux",
      ...this.#node.labels,
      [nodeNameField]: this.name,
    };
  }

  get #takenPorts(): HostPort[] {
    return this.#ports ??= this.#node.pods.flatMap(hostPortsOf);
  }

  domain(key: string): string | undefined | typeof undecided {
    const label = labelOf(this.labels, key);
    if (label !== undefined || !this.#certain) return label;
    const condition = this.#certain.get(key);
    if (condition && !condition.complement && condition.values.size === 1) {
      return [...condition.values][0];
    }
    return undecided;
  }

  #meets(requirements: Requirements): boolean {
    return this.#certain
      ? isSubset(this.#certain, requirements)
      : satisfies(this.labels, requirements);
  }

  /** What daemons will take that are not there yet. */
  #comingDaemons({ taints, pods }: ExistingNode, daemons: readonly Daemon[]): Resources {
    const all = sumOverhead(
      tolerantDaemons(daemons, taints),
      (requirements) => this.#meets(requirements),
    );
    const there = readDaemons(pods.filter(isDaemonPod)).map(({ requests }) => requests)
      .reduce(addResources, {});
    const coming: Record<string, Quantity> = {};
    for (const [name, amount] of Object.entries(all)) {
      coming[name] = Math.max(0, amount - (there[name] ?? 0)) as Quantity;
    }
    return coming;
  }

  /** How many of a class have room, taints and requirements aside. */
  count({ size }: Demand): number {
    return countFitting(this.free, size);
  }

  /** Whether the node's taints and labels suit a class. */
  suits({ podClass }: Demand): boolean {
    if (findUntolerated(this.#node.taints, podClass.sample.spec.tolerations)) return false;
    return podClass.alternatives.some((requirements) => this.#meets(requirements));
  }

  /** Whether ports and neighbours leave room for one more of a class. */
  accepts({ podClass, relevance, size }: Demand, topology: Topology): boolean {
    if (!hasRoom(this.free, new Float64Array(size.length), size)) return false;
    if (podClass.hostPorts.length > 0 && collides(podClass.hostPorts, this.#takenPorts)) {
      return false;
    }
    return [labelKeys.hostname, ...relevance.keys].every((key) => {
      const domain = this.domain(key);
      return domain !== undecided && topology.allows(relevance, key, domain);
    });
  }

  /** Puts pods of a class here. */
  put(demand: Demand, pods: readonly PodRef[], topology: Topology): readonly Placement[] {
    addLoad(this.free, demand.size, -pods.length);
    for (const port of demand.podClass.hostPorts) this.#takenPorts.push(port);
    topology.record(demand.relevance, this, pods.length);
    return pods.map((pod) => ({ pod, node: this.name, kind: this.kind }));
  }
}

/**
 * Puts as many pods as possible on hosts: class by class in order, on the host that they fill best,
 * fewest devices left first, so that large gaps stay for large pods.
 */
export function placeOnHosts(
  demands: readonly Demand[],
  hosts: readonly Host[],
  topology: Topology,
): readonly Placement[] {
  const placements: Placement[] = [];
  if (hosts.length === 0) return placements;
  for (const demand of demands) {
    if (demand.count === 0) continue;
    const candidates = hosts.filter((host) => host.count(demand) > 0 && host.suits(demand));
    candidates.sort((left, right) => compareFree(left, right));
    for (const host of candidates) {
      if (demand.count === 0) break;
      if (demand.isFree) {
        const pods = demand.take(host.count(demand));
        placements.push(...host.put(demand, pods, topology));
      }
    }
    if (!demand.isFree) placements.push(...placeOneByOne(demand, candidates, topology));
  }
  return placements;
}

/**
 * Puts pods on the machines that were planned for them in an earlier pass. Neighbours are not asked
 * again: they were when the plan was made, in an order that cannot be told any more. Should the world
 * have changed so much that the pod cannot go there after all, that is for the pass that sees the
 * machine as a node; buying a second one meanwhile would help nobody.
 */
export function placeAsPlanned(
  demands: readonly Demand[],
  hosts: readonly Host[],
  topology: Topology,
): readonly Placement[] {
  const placements: Placement[] = [];
  const byUid = new Map<string, Demand>();
  if (hosts.every(({ plannedPods }) => plannedPods.length === 0)) return placements;
  for (const demand of demands) {
    for (const { uid } of demand.waiting) byUid.set(uid, demand);
  }
  for (const host of hosts) {
    for (const uid of host.plannedPods) {
      const demand = byUid.get(uid);
      if (!demand || host.count(demand) === 0 || !host.suits(demand)) continue;
      const pod = demand.takeByUid(uid);
      if (pod) placements.push(...host.put(demand, [pod], topology));
    }
  }
  return placements;
}

/** Where each pod changes what the next may do, every pod looks at the hosts anew. */
function placeOneByOne(
  demand: Demand,
  candidates: readonly Host[],
  topology: Topology,
): readonly Placement[] {
  const placements: Placement[] = [];
  while (demand.count > 0) {
    const host = candidates.find((candidate) => candidate.accepts(demand, topology));
    if (!host) break;
    placements.push(...host.put(demand, demand.take(1), topology));
  }
  return placements;
}

function compareFree(left: Host, right: Host): number {
  for (let dimension = 0; dimension < left.free.length; dimension++) {
    const difference = (left.free[dimension] ?? 0) - (right.free[dimension] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.name < right.name ? -1 : 1;
}
