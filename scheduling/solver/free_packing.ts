/**
 * Buys machines for pods to which only room matters, so that all of them together cost least.
 *
 * @module
 */

import { labelOf } from "../label_of.ts";
import type { Pattern } from "../packing/model.ts";
import { defaultEffort, lightEffort, pack } from "../packing/pack.ts";
import type { Demand } from "./demand.ts";
import { hasRoom } from "./dimensions.ts";
import type { Draft } from "./draft.ts";

/**
 * Buys for packable demands on the options of one tier.
 *
 * Machines are bought in the order of the first pod on them. When a limit refuses one, what is left is
 * packed anew with the options that are still affordable; each round either buys everything or loses an
 * option, so that it ends.
 */
export function packFreely(draft: Draft, demands: readonly Demand[], tier: number): void {
  let waiting = demands;
  while (true) {
    const carriers = waiting.map((demand) => ({
      demand,
      options: new Set(demand.count > 0 ? listCarriers(draft, demand, tier) : []),
    })).filter(({ options }) => options.size > 0);
    if (carriers.length === 0) return;
    if (buyPatterns(draft, carriers)) return;
    waiting = carriers.map(({ demand }) => demand);
  }
}

/** The options of a tier that may be bought now for a class and have room for one of its pods. */
export function listCarriers(draft: Draft, demand: Demand, tier: number): readonly number[] {
  const { table, topology } = draft;
  const empty = new Float64Array(demand.size.length);
  const carriers: number[] = [];
  for (const index of table.inTier(tier, table.suitable(demand.podClass).toBuy)) {
    const option = table.options[index];
    if (!option || !hasRoom(option.room, empty, demand.size)) continue;
    const isNear = demand.relevance.keys.every((key) =>
      topology.allows(demand.relevance, key, labelOf(option.labels, key))
    );
    if (isNear && draft.canBuy(index)) carriers.push(index);
  }
  return carriers;
}

/** A class and the options that may be bought for it. */
interface Carriers {
  readonly demand: Demand;
  readonly options: ReadonlySet<number>;
}

/** Whether all patterns were bought. */
function buyPatterns(draft: Draft, carriers: readonly Carriers[]): boolean {
  const { table } = draft;
  const options = [...new Set(carriers.flatMap((carrier) => [...carrier.options]))];
  options.sort((left, right) => left - right);
  const patterns = pack({
    items: carriers.map(({ demand: { count, size }, options: allowed }) => ({
      count,
      size,
      allowed: Uint8Array.from(options, (option) => allowed.has(option) ? 1 : 0),
    })),
    kinds: options.map((option) => ({
      cost: table.costs[option] ?? Infinity,
      room: table.options[option]?.room ?? new Float64Array(),
    })),
  }, carriers.some(({ demand }) => demand.podClass.wantsDevice) ? defaultEffort : lightEffort);
  const firstOf = ({ counts }: Pattern) => counts.findIndex((count) => count > 0);
  const ordered = [...patterns].sort((left, right) => {
    const [leftFirst, rightFirst] = [firstOf(left), firstOf(right)];
    return leftFirst - rightFirst || left.kind - right.kind || compareCounts(left, right);
  });
  for (const { kind, counts } of ordered) {
    const option = options[kind];
    if (option === undefined || !draft.canBuy(option)) return false;
    const machine = draft.buy(option);
    for (const [position, count] of counts.entries()) {
      const demand = carriers[position]?.demand;
      if (demand && count > 0) draft.board(machine, demand, { count, option });
    }
  }
  return true;
}

function compareCounts(left: Pattern, right: Pattern): number {
  const differs = left.counts.findIndex((count, item) => count !== right.counts[item]);
  return differs < 0 ? 0 : (right.counts[differs] ?? 0) - (left.counts[differs] ?? 0);
}
