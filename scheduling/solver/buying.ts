/**
 * Decides what to buy for the pods that existing and planned machines have no room for.
 *
 * @module
 */

import { chooseAffinityDomains } from "./affinity_domains.ts";
import { nextCommonBit } from "./bitset.ts";
import type { Demand } from "./demand.ts";
import { hasRoom } from "./dimensions.ts";
import { Draft, type DraftParts } from "./draft.ts";
import { packFreely } from "./free_packing.ts";
import { insertPods, rideAlong } from "./insertion.ts";
import { type Objective, OptionTable } from "./option_table.ts";
import type { Option } from "./options.ts";

/** Of pods without devices, packing more classes than this together is left to insertion. */
const maxPackedClasses = 64;

/** What to buy from, and for whom. */
export interface BuyingInput extends Omit<DraftParts, "table" | "machines"> {
  readonly options: readonly Option[];
}

/**
 * Buys for as many pods as the limits allow, for the least money.
 *
 * First everything is planned together, since a plan for the whole batch is cheapest. If a limit left
 * pods waiting, plans that serve one priority after the other and plans that save machines or devices
 * are tried too; the one that serves the more important pods wins, then the cheaper one.
 */
export function buy({ options, ...parts }: BuyingInput): Draft {
  const start = new Draft({ ...parts, table: new OptionTable(options, "price") });
  const everyone = [start.demands.map(({ rank }) => rank)];
  let best = serve(start.clone(), everyone);
  if (!best.wallet.refused || best.demands.every(({ count }) => count === 0)) return best;
  const bands = bandsOf(start);
  const objectives: readonly Objective[] = ["price", "nodes", "resources"];
  for (const objective of objectives) {
    const table = objective === "price" ? start.table : new OptionTable(options, objective);
    for (const order of bands.length > 1 ? [everyone, bands] : [everyone]) {
      if (objective === "price" && order === everyone) continue;
      const draft = serve(start.clone(table), order);
      if (isPreferable(draft, best)) best = draft;
    }
  }
  return best;
}

/** Serves band after band; pods that want devices first, the others ride along where they can. */
function serve(start: Draft, bands: readonly (readonly number[])[]): Draft {
  let draft = start;
  for (const band of bands) {
    for (const wantsDevice of [true, false]) {
      const ranks = band.filter((rank) =>
        draft.demands[rank]?.podClass.wantsDevice === wantsDevice
      );
      for (const demand of draft.demandsOf(ranks)) rideAlong(draft, demand);
      for (let tier = 0; tier < draft.table.tiers; tier++) draft = serveTier(draft, ranks, tier);
    }
  }
  return draft;
}

/** Buys from one tier, in the cheaper of two ways where both are possible. */
function serveTier(draft: Draft, ranks: readonly number[], tier: number): Draft {
  const waiting = draft.demandsOf(ranks).filter(({ count, rank }) =>
    count > 0 && hasOption(draft, rank, tier)
  );
  chooseAffinityDomains(draft, waiting, tier);
  const free = waiting.filter((demand) => demand.isPackable && knowsItsDomain(demand));
  const bound = waiting.filter((demand) => !free.includes(demand));
  const packs = free.length > 0 &&
    (free.some(({ podClass }) => podClass.wantsDevice) ||
      (bound.length === 0 && free.length <= maxPackedClasses));
  if (!packs) {
    for (const demand of waiting) insertPods(draft, demand, tier);
    return draft;
  }
  if (bound.length === 0) {
    packFreely(draft, free, tier);
    return draft;
  }
  const inserted = draft.clone();
  for (const demand of inserted.demandsOf(ranksOf(waiting))) insertPods(inserted, demand, tier);
  const packed = draft.clone();
  for (const demand of packed.demandsOf(ranksOf(bound))) insertPods(packed, demand, tier);
  const rest = packed.demandsOf(ranksOf(free));
  for (const demand of rest) rideAlong(packed, demand);
  packFreely(packed, rest, tier);
  return isPreferable(inserted, packed) ? inserted : packed;
}

/** Whether it is settled where the pods go that must be near each other: else the first one decides. */
function knowsItsDomain({ relevance }: Demand): boolean {
  return relevance.own.every(({ group }) =>
    group.term.kind !== "affinity" || group.selected.total > 0 || group.chosen !== undefined
  );
}

/** Whether a draft serves more of the more important pods, or as many for less. */
function isPreferable(left: Draft, right: Draft): boolean {
  const [leftWaiting, rightWaiting] = [waitingByPriority(left), waitingByPriority(right)];
  for (const [priority, count] of leftWaiting) {
    const other = rightWaiting.get(priority) ?? 0;
    if (count !== other) return count < other;
  }
  return left.price < right.price;
}

/** How many pods wait, by priority, highest first. */
function waitingByPriority({ demands }: Draft): Map<number, number> {
  const waiting = new Map<number, number>();
  for (const { podClass: { priority }, count } of demands) {
    waiting.set(priority, (waiting.get(priority) ?? 0) + count);
  }
  return waiting;
}

/** The ranks of each priority, highest first. */
function bandsOf({ demands }: Draft): readonly (readonly number[])[] {
  const bands = new Map<number, number[]>();
  for (const { rank, podClass: { priority } } of demands) {
    const band = bands.get(priority);
    if (band) band.push(rank);
    else bands.set(priority, [rank]);
  }
  return [...bands.values()];
}

function hasOption({ table, demands }: Draft, rank: number, tier: number): boolean {
  const demand = demands[rank];
  if (!demand) return false;
  const { toBuy } = table.suitable(demand.podClass);
  const end = table.tierStarts[tier + 1] ?? 0;
  const empty = new Float64Array(demand.size.length);
  let index = nextCommonBit(table.tierStarts[tier] ?? 0, toBuy);
  while (index >= 0 && index < end) {
    const room = table.options[index]?.room;
    if (room && hasRoom(room, empty, demand.size)) return true;
    index = nextCommonBit(index + 1, toBuy);
  }
  return false;
}

function ranksOf(demands: readonly { readonly rank: number }[]): readonly number[] {
  return demands.map(({ rank }) => rank);
}
