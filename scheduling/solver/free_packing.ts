/**
 * Buys machines for pods to which only room matters, so that all of them together cost least.
 *
 * @module
 */

import type { Pattern } from "../packing/model.ts";
import { pack } from "../packing/pack.ts";
import { hasBit } from "./bitset.ts";
import type { Demand } from "./demand.ts";
import { hasRoom } from "./dimensions.ts";
import type { Draft } from "./draft.ts";

/**
 * Buys for free demands on the options of one tier.
 *
 * Machines are bought in the order of the first pod on them. When a limit refuses one, what is left is
 * packed anew with the options that are still affordable; each round either buys everything or loses an
 * option, so that it ends.
 */
export function packFreely(draft: Draft, demands: readonly Demand[], tier: number): void {
  let waiting = demands;
  while (true) {
    const options = affordableOptions(draft, waiting, tier);
    waiting = waiting.filter((demand) =>
      demand.count > 0 && options.some((option) => mayCarry(draft, demand, option))
    );
    if (waiting.length === 0) return;
    if (buyPatterns(draft, waiting, options)) return;
  }
}

/** Whether all patterns were bought. */
function buyPatterns(
  draft: Draft,
  demands: readonly Demand[],
  options: readonly number[],
): boolean {
  const { table } = draft;
  const patterns = pack({
    items: demands.map((demand) => ({
      count: demand.count,
      size: demand.size,
      allowed: Uint8Array.from(options, (option) => mayCarry(draft, demand, option) ? 1 : 0),
    })),
    kinds: options.map((option) => ({
      cost: table.costs[option] ?? Infinity,
      room: table.options[option]?.room ?? new Float64Array(),
    })),
  });
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
      const demand = demands[position];
      if (demand && count > 0) draft.board(machine, demand, { count, option });
    }
  }
  return true;
}

function affordableOptions(draft: Draft, demands: readonly Demand[], tier: number): number[] {
  const { tierStarts } = draft.table;
  const options: number[] = [];
  for (let option = tierStarts[tier] ?? 0; option < (tierStarts[tier + 1] ?? 0); option++) {
    if (demands.some((demand) => mayCarry(draft, demand, option)) && draft.canBuy(option)) {
      options.push(option);
    }
  }
  return options;
}

/** Whether an option may be bought for a class and has room for one of its pods. */
function mayCarry({ table }: Draft, demand: Demand, option: number): boolean {
  const room = table.options[option]?.room;
  return room !== undefined && hasBit(table.suitable(demand.podClass).toBuy, option) &&
    hasRoom(room, new Float64Array(room.length), demand.size);
}

function compareCounts(left: Pattern, right: Pattern): number {
  const differs = left.counts.findIndex((count, item) => count !== right.counts[item]);
  return differs < 0 ? 0 : (right.counts[differs] ?? 0) - (left.counts[differs] ?? 0);
}
