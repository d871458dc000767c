/**
 * From the machines of a plan to claims: what to write into each, and how dear it may become.
 *
 * @module
 */

import { labels as labelKeys } from "../../schemas/labels.ts";
import { maxUsd, type MicroUsd } from "../../schemas/money.ts";
import { addResources, type Quantity, type Resources } from "../../schemas/quantity.ts";
import type { Purchase } from "../budget.ts";
import { labelOf } from "../label_of.ts";
import { nodeNameField } from "../node_constraints.ts";
import { compareByPrice, isNamedWhereNeeded } from "../offers.ts";
import type { NewNode } from "../plan.ts";
import { formatRequirements } from "../requirement_text.ts";
import { findViolated, intersect, parseRequirements, type Requirements } from "../requirements.ts";
import { hasBit, nextCommonBit } from "./bitset.ts";
import type { Demand } from "./demand.ts";
import { type Dimensions, hasRoom, toResources } from "./dimensions.ts";
import type { Draft } from "./draft.ts";
import type { Machine } from "./machine.ts";
import type { OptionTable } from "./option_table.ts";
import { findAlternative, type Option, type Template } from "./options.ts";
import { purchaseOf } from "./wallet.ts";

/**
 * Offers per claim, the planned one included. Each is one more place to walk to when stock is out; more
 * would only raise the ceiling, and after that many refusals a new plan is better than a worse offer.
 */
const maxOffers = 8;

/**
 * How much dearer than planned a further offer may be. Claims walk their offers one by one, while a new
 * plan sees the whole batch: three claims that each walk from a sold-out small machine to a large one
 * cost three large ones, and a new plan puts all pods on one. The dearest offer kept is also what a claim
 * reserves in budgets until its price is known. Equal types in other regions stay within this; where
 * nothing does, the claim ends and planning takes seconds.
 */
const dearestFallback = 1.25;

/** A claim in the making. */
interface Claim {
  readonly machine: Machine;
  readonly requirements: Requirements;
  /** Offers that could follow, best first. */
  readonly fallbacks: Option[];
  readonly kept: Option[];
  /** What is counted against limits: the dearest and largest of what is kept. */
  purchase: Purchase;
}

/**
 * The claims of a plan, in the order in which it bought them.
 *
 * Each counts on one offer. Further offers are kept in turns, one per claim and round, as long as
 * limits allow the higher ceilings, and never more than half of what a limit leaves, so that the
 * ceilings of claims under way rarely block the next batch. A claim keeps no offer that is so dear that
 * a new plan would be better: see {@linkcode dearestFallback}, and for a claim of several pods the price
 * of a machine for each of them.
 */
export function toNewNodes(draft: Draft, dimensions: Dimensions): NewNode[] {
  const rankings = rankByTemplate(draft.table);
  const claims = draft.machines.map((machine) => toClaim(draft, machine, rankings));
  for (let round = 1; round < maxOffers; round++) {
    for (const claim of claims) keepOneMore(draft, claim);
  }
  return claims.map((claim) => toNewNode(draft, claim, dimensions));
}

function toClaim(draft: Draft, machine: Machine, rankings: Rankings): Claim {
  const option = optionAt(draft, machine.option);
  const requirements = requirementsOf(draft, machine);
  const most = Math.min(
    mostForAll(draft, machine),
    option.offer.price.perHour * dearestFallback,
  );
  const fallbacks: Option[] = [];
  for (const index of candidatesFor(draft, machine, { rankings, most })) {
    const candidate = optionAt(draft, index);
    if (candidate === option) continue;
    if (findViolated(requirements, candidate.labels) !== undefined) continue;
    if (!isNamedWhereNeeded(candidate.offer, requirements)) continue;
    fallbacks.push(candidate);
    if (fallbacks.length === maxOffers - 1) break;
  }
  return { machine, requirements, fallbacks, kept: [option], purchase: purchaseOf(option) };
}

/** Per pool and tier the indices of the pool's options, cheapest first, whatever the objective. */
type Rankings = ReadonlyMap<Template, readonly (readonly number[])[]>;

function rankByTemplate({ options }: OptionTable): Rankings {
  const rankings = new Map<Template, number[][]>();
  for (const [index, { template, tier }] of options.entries()) {
    let tiers = rankings.get(template);
    if (!tiers) rankings.set(template, tiers = []);
    (tiers[tier] ??= []).push(index);
  }
  const byPrice = (left: number, right: number) => {
    const [first, second] = [options[left], options[right]];
    return first && second ? compareByPrice(first.offer, second.offer) : 0;
  };
  for (const [template, tiers] of rankings) {
    // A pool need not have options in every tier.
    rankings.set(
      template,
      tiers.filter((tier) => tier !== undefined).map((tier) => tier.sort(byPrice)),
    );
  }
  return rankings;
}

/** Options of the machine's pool that may be bought for and hold what is aboard, best first. */
function* candidatesFor(
  draft: Draft,
  machine: Machine,
  { rankings, most }: { readonly rankings: Rankings; readonly most: number },
): Generator<number> {
  const { table } = draft;
  const empty = new Float64Array(machine.load.length);
  const buyers = [...machine.passengers.values()].map(({ demand: { podClass } }) =>
    table.suitable(podClass).toBuy
  );
  for (const tier of rankings.get(optionAt(draft, machine.option).template) ?? []) {
    for (const index of tier) {
      const { offer, room } = optionAt(draft, index);
      if (offer.price.perHour > most) break;
      if (
        hasBit(machine.allowed, index) && hasRoom(room, empty, machine.load) &&
        buyers.some((toBuy) => hasBit(toBuy, index))
      ) yield index;
    }
  }
}

function requirementsOf(draft: Draft, machine: Machine): Requirements {
  const option = optionAt(draft, machine.option);
  let requirements = option.template.requirements;
  let wantsDevice = false;
  for (const { demand: { podClass } } of machine.passengers.values()) {
    const alternative = findAlternative(option, podClass);
    if (alternative) requirements = intersect(requirements, alternative);
    wantsDevice ||= podClass.wantsDevice;
  }
  for (const key of [...machine.pinned].sort()) {
    const domain = labelOf(option.labels, key);
    const pinned = domain === undefined
      ? { key, operator: "DoesNotExist" as const }
      : { key, operator: "In" as const, values: [domain] };
    requirements = intersect(requirements, parseRequirements([pinned]));
  }
  // Without this the claim could end up on a GPU machine that happens to be cheap.
  if (!wantsDevice && !requirements.has(labelKeys.gpuModel)) {
    const none = parseRequirements([{ key: labelKeys.gpuModel, operator: "DoesNotExist" }]);
    requirements = intersect(requirements, none);
  }
  // What every node of the pool, or every new node, meets by itself says nothing about offers.
  const known = new Set([
    nodeNameField,
    labelKeys.hostname,
    ...Object.keys(option.template.labels),
  ]);
  return new Map([...requirements].filter(([key]) => !known.has(key)));
}

/** The price above which a machine for each pod would surely be cheaper; no limit for a single pod. */
function mostForAll(draft: Draft, machine: Machine): number {
  if (machine.podCount <= 1) return Infinity;
  let most = 0;
  for (const { demand, pods } of machine.passengers.values()) {
    most += pods.length * priceAlone(draft, demand);
  }
  return most;
}

function priceAlone({ table }: Draft, demand: Demand): number {
  const { toBuy } = table.suitable(demand.podClass);
  const empty = new Float64Array(demand.size.length);
  let index = nextCommonBit(0, toBuy);
  while (index >= 0) {
    const option = table.options[index];
    if (option && hasRoom(option.room, empty, demand.size)) return option.offer.price.perHour;
    index = nextCommonBit(index + 1, toBuy);
  }
  return 0;
}

function keepOneMore({ wallet }: Draft, claim: Claim): void {
  const next = claim.fallbacks.shift();
  const [planned] = claim.kept;
  if (!next || !planned) return;
  const { template } = planned;
  const { purchase } = claim;
  const perHour = maxUsd(purchase.perHour, next.offer.price.perHour);
  const resources = largerOf(purchase.resources, next.offer.capacity);
  const grows = perHour > purchase.perHour ||
    Object.entries(resources).some(([name, amount]) => amount > (purchase.resources[name] ?? 0));
  if (grows && wallet.isLimited(template)) {
    const planPrice = planned.offer.price.perHour;
    wallet.giveBack(template, purchase);
    // Room for twice what the ceiling exceeds the planned price by: half of it stays for others.
    const withReserve = (planPrice + 2 * (perHour - planPrice)) as MicroUsd;
    const refused = wallet.check(template, { resources, perHour: withReserve }) !== undefined;
    wallet.take(template, refused ? purchase : { resources, perHour });
    if (refused) return;
  }
  claim.purchase = { resources, perHour };
  claim.kept.push(next);
}

function toNewNode(draft: Draft, claim: Claim, dimensions: Dimensions): NewNode {
  const { machine, requirements, kept, purchase } = claim;
  const planned = optionAt(draft, machine.option);
  const { pool } = planned.template;
  const { template } = pool.spec;
  const passengers = [...machine.passengers].sort(([left], [right]) => left - right);
  const overhead = kept.map((option) => option.overhead).reduce(largerOf, {});
  return {
    poolName: pool.name,
    className: planned.template.nodeClass.name,
    pods: passengers.flatMap(([, { pods }]) => pods),
    requirements: formatRequirements(requirements),
    resources: addResources(toResources(dimensions, machine.load), overhead),
    ceilingPerHour: purchase.perHour,
    pricePerHour: planned.offer.price.perHour,
    rankedOfferIds: kept.map(({ offer }) => offer.id),
    taints: template?.spec?.taints ?? [],
    startupTaints: template?.spec?.startupTaints ?? [],
    labels: planned.template.labels,
    annotations: template?.metadata?.annotations ?? {},
  };
}

function largerOf(left: Resources, right: Resources): Resources {
  const larger: Record<string, Quantity> = { ...left };
  for (const [name, amount] of Object.entries(right)) {
    if (amount > (larger[name] ?? 0)) larger[name] = amount;
  }
  return larger;
}

function optionAt({ table }: Draft, index: number): Option {
  const option = table.options[index];
  if (!option) throw new RangeError(`Cannot use option ${index}: there is none`);
  return option;
}
