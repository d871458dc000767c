/**
 * Chooses where pods that must be near each other go, before the first of them is placed.
 *
 * The first pod of such a group may go anywhere, and all others must follow; the domain in which the
 * first is cheapest need not be the one in which all of them are.
 *
 * @module
 */

import { labels as labelKeys } from "../../schemas/labels.ts";
import { solveFractionally } from "../packing/column_generation.ts";
import type { Item } from "../packing/model.ts";
import { reduceKinds } from "../packing/reduce.ts";
import type { Demand } from "./demand.ts";
import type { Draft } from "./draft.ts";
import { listCarriers } from "./free_packing.ts";
import type { TopologyGroup } from "./topology.ts";

/** Chooses a domain for each group of pods that attract each other and of which none is placed yet. */
export function chooseAffinityDomains(
  draft: Draft,
  demands: readonly Demand[],
  tier: number,
): void {
  const members = new Map<TopologyGroup, Demand[]>();
  for (const demand of demands) {
    if (!demand.podClass.wantsDevice) continue;
    for (const { group, countsItself } of demand.relevance.own) {
      const { kind, key } = group.term;
      if (kind !== "affinity" || key === labelKeys.hostname || !countsItself) continue;
      if (group.selected.total > 0) continue;
      group.chosen = undefined;
      const list = members.get(group);
      if (list) list.push(demand);
      else members.set(group, [demand]);
    }
  }
  for (const [group, list] of members) group.chosen = cheapestDomain(draft, list, { group, tier });
}

/** The domain with the cheapest machines for all of them; `undefined` if none suits them all. */
function cheapestDomain(
  draft: Draft,
  demands: readonly Demand[],
  { group, tier }: { readonly group: TopologyGroup; readonly tier: number },
): string | undefined {
  let best: { readonly domain: string; readonly cost: number } | undefined;
  for (const domain of draft.table.domains(group.term.key)) {
    group.chosen = domain;
    const cost = costOf(draft, demands, tier);
    if (cost < (best?.cost ?? Infinity)) best = { domain, cost };
  }
  return best?.domain;
}

function costOf(draft: Draft, demands: readonly Demand[], tier: number): number {
  const { table } = draft;
  const carriers = demands.map((demand) => new Set(listCarriers(draft, demand, tier)));
  if (carriers.some(({ size }) => size === 0)) return Infinity;
  const options = [...new Set(carriers.flatMap((set) => [...set]))].sort((a, b) => a - b);
  const items: Item[] = demands.map(({ count, size }, position) => ({
    count,
    size,
    allowed: Uint8Array.from(options, (option) => carriers[position]?.has(option) ? 1 : 0),
  }));
  const kinds = options.map((option) => ({
    cost: table.costs[option] ?? Infinity,
    room: table.options[option]?.room ?? new Float64Array(),
  }));
  const { problem } = reduceKinds({ items, kinds });
  const counts = Int32Array.from(items, ({ count }) => count);
  return solveFractionally(problem, counts).cost;
}
