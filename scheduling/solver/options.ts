/**
 * Everything that could be bought: each pool's template on each offer of its class.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import type { Resources } from "../../schemas/quantity.ts";
import { freshNodeName, nodeNameField } from "../node_constraints.ts";
import {
  type AccountTerms,
  compareByPrice,
  isNamedWhereNeeded,
  nodeLabels,
  passesFilter,
  type PreparedQuery,
} from "../offers.ts";
import type { SolveClass, SolvePool } from "../plan.ts";
import {
  findViolated,
  intersect,
  parseRequirements,
  type Requirements,
  satisfies,
} from "../requirements.ts";
import { matchesSelector } from "../selectors.ts";
import { findUntolerated } from "../taints.ts";
import { addBit, type Bitset, createBitset } from "./bitset.ts";
import { type Daemon, sumOverhead, tolerantDaemons } from "./daemons.ts";
import { addLoad, type Dimensions } from "./dimensions.ts";
import type { PodClass } from "./pod_classes.ts";

/** A pool made ready. */
export interface Template {
  readonly pool: SolvePool;
  readonly nodeClass: SolveClass;
  /** Pools of larger weight come first, strictly. */
  readonly weight: number;
  readonly requirements: Requirements;
  /** Labels that its nodes get besides those of the offer. */
  readonly labels: Readonly<Record<string, string>>;
}

/** One machine that could be bought for a pool. */
export interface Option {
  readonly template: Template;
  readonly offer: Offer;
  /** Options of a smaller tier are used up before those of a larger one, whatever they cost. */
  readonly tier: number;
  /** Labels of the future node; its name and hostname are placeholders. */
  readonly labels: Readonly<Record<string, string>>;
  /** What pods can use: allocatable, less what daemons take. */
  readonly room: Float64Array;
  /** What daemons take. */
  readonly overhead: Resources;
}

/** Weight of a pool that does not say (the resource's documented default). */
const defaultWeight = 10;

/** The label keys and values that every node of a pool gets, whatever the offer. */
function templateLabels(pool: SolvePool): Readonly<Record<string, string>> {
  return {
    ...pool.spec.template?.metadata?.labels,
    [labelKeys.nodePool]: pool.name,
    [labelKeys.nodeClass]: pool.spec.nodeClassRef.name,
  };
}

/**
 * All options, best first: tier by tier (weight of the pool, then priority of the account), in a tier
 * by price. Offers that no pod could ever get from the pool are left out.
 *
 * @throws {RangeError} If a pool's requirement cannot be read.
 */
export function listOptions(
  templates: readonly Template[],
  daemons: readonly Daemon[],
  dimensions: Dimensions,
): readonly Option[] {
  const ranked: { readonly option: Option; readonly rank: readonly [number, number] }[] = [];
  for (const template of templates) {
    const query = queryOf(template);
    const taints = template.pool.spec.template?.spec?.taints ?? [];
    const tolerant = tolerantDaemons(daemons, taints);
    for (const offer of template.nodeClass.offers) {
      if (!isBuyable(offer, query)) continue;
      const labels = futureLabels(offer, template.labels);
      if (!satisfies(labels, template.requirements)) continue;
      const overhead = sumOverhead(tolerant, (requirements) => satisfies(labels, requirements));
      const room = dimensions.toVector(offer.allocatable);
      addLoad(room, dimensions.toVector(overhead), -1);
      const priority = query.accounts.get(offer.account)?.priority ?? 0;
      const option = { template, offer, tier: 0, labels, room, overhead };
      ranked.push({ option, rank: [-template.weight, priority] });
    }
  }
  ranked.sort((left, right) =>
    compareRanks(left.rank, right.rank) || compareByPrice(left.option.offer, right.option.offer) ||
    (left.option.template.pool.name < right.option.template.pool.name ? -1 : 1)
  );
  let tier = 0;
  return ranked.map(({ option, rank }, index) => {
    const before = ranked[index - 1];
    if (before && compareRanks(before.rank, rank) !== 0) tier += 1;
    return { ...option, tier };
  });
}

/**
 * Makes a pool ready.
 *
 * @throws {RangeError} If a requirement cannot be read.
 */
export function toTemplate(pool: SolvePool, nodeClass: SolveClass): Template {
  return {
    pool,
    nodeClass,
    weight: pool.spec.weight ?? defaultWeight,
    requirements: parseRequirements(pool.spec.template?.spec?.requirements),
    labels: templateLabels(pool),
  };
}

/** The labels that a node of this offer and template would have, as far as requirements see them. */
export function futureLabels(
  offer: Offer,
  template: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    ...nodeLabels(offer, template),
    [labelKeys.hostname]: freshNodeName,
    [nodeNameField]: freshNodeName,
  };
}

/** The options that suit a class, resources aside. */
export interface SuitableOptions {
  /** Those that may be bought for it. */
  readonly toBuy: Bitset;
  /** Those on which it may ride along when they are bought for others. */
  readonly toRide: Bitset;
}

/**
 * Tests every option against a class: the pool serves it, taints are tolerated, requirements met, the
 * GPU model is known or named. A machine with GPUs is bought only for pods that want one: a pod without
 * GPU request that waits for a cheap node must not order an expensive one. It may ride along, though.
 */
export function selectOptions(options: readonly Option[], podClass: PodClass): SuitableOptions {
  const toBuy = createBitset(options.length);
  const toRide = createBitset(options.length);
  const admitted = new Map<Template, boolean>();
  for (const [index, option] of options.entries()) {
    const { template, offer } = option;
    let admits = admitted.get(template);
    if (admits === undefined) {
      admits = admitsClass(template, podClass);
      admitted.set(template, admits);
    }
    if (!admits || !findAlternative(option, podClass)) continue;
    addBit(toRide, index);
    if (offer.gpu === undefined || podClass.wantsDevice) addBit(toBuy, index);
  }
  return { toBuy, toRide };
}

/** The first of a class's alternatives that an option meets. */
export function findAlternative(
  { template, offer, labels }: Option,
  { alternatives }: PodClass,
): Requirements | undefined {
  return alternatives.find((requirements) =>
    findViolated(requirements, labels) === undefined &&
    isNamedWhereNeeded(offer, intersect(template.requirements, requirements))
  );
}

/** Whether a pool's selector and taints admit a class. */
function admitsClass({ pool }: Template, { sample }: PodClass): boolean {
  const { podSelector, template } = pool.spec;
  if (podSelector && !matchesSelector(podSelector, sample.metadata.labels)) return false;
  return !findUntolerated(template?.spec?.taints ?? [], sample.spec.tolerations);
}

function queryOf({ pool, nodeClass, requirements, labels }: Template): PreparedQuery {
  const accounts: readonly AccountTerms[] = nodeClass.accounts;
  return {
    requirements,
    labels: { ...labels, [labelKeys.hostname]: freshNodeName },
    resources: {},
    maxPerHour: pool.spec.price?.maxPerHour,
    maxPerGpuHour: pool.spec.price?.maxPerGpuHour,
    accounts: new Map(accounts.map((account) => [account.name, account])),
    excluded: new Set(nodeClass.excludedOffers),
  };
}

/** Whether the pool may buy the offer at all, labels aside. */
function isBuyable(offer: Offer, query: PreparedQuery): boolean {
  const filters = [
    "account",
    "joinable",
    "suspectPrice",
    "maxPerHour",
    "maxPerGpuHour",
    "available",
    "excluded",
  ] as const;
  return filters.every((filter) => passesFilter(offer, filter, query));
}

function compareRanks(left: readonly [number, number], right: readonly [number, number]): number {
  return left[0] - right[0] || left[1] - right[1];
}
