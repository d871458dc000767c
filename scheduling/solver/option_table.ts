/**
 * The options in the order in which one objective prefers them, indexed for quick questions.
 *
 * @module
 */

import { labelOf } from "../label_of.ts";
import { isDevice } from "./dimensions.ts";
import { addBit, type Bitset, createBitset, nextCommonBit } from "./bitset.ts";
import type { Option } from "./options.ts";
import { selectOptions, type SuitableOptions } from "./options.ts";
import type { PodClass } from "./pod_classes.ts";

/**
 * What a plan should use little of. Money, always; but when a limit on machines or on resources is in
 * the way, using less of that serves more pods.
 */
export type Objective = "price" | "nodes" | "resources";

/**
 * What one more machine is worth avoiding, in dollars an hour: nothing but a tie-breaker, so that of two
 * plans of equal price the one with fewer machines wins.
 */
const perMachine = 0.0001;

/** Options by index, best first. */
export class OptionTable {
  readonly options: readonly Option[];
  /** Per option: what the objective counts; ascending within a tier. */
  readonly costs: Float64Array;
  /** Per tier: the index of its first option, and at the end the number of options. */
  readonly tierStarts: readonly number[];
  readonly #suitable = new Map<string, SuitableOptions>();
  readonly #largestRooms = new Map<string, Float64Array>();
  readonly #domains = new Map<string, Map<string | undefined, Bitset>>();

  constructor(options: readonly Option[], objective: Objective) {
    const weighed = options.map((option) => ({ option, cost: costOf(option, objective) }));
    // Stable: equal costs keep the order of price and id.
    weighed.sort((left, right) => left.option.tier - right.option.tier || left.cost - right.cost);
    this.options = weighed.map(({ option }) => option);
    this.costs = Float64Array.from(weighed, ({ cost }) => cost);
    const starts: number[] = [];
    for (const [index, { tier }] of this.options.entries()) starts[tier] ??= index;
    this.tierStarts = [...starts, this.options.length];
  }

  /** How many tiers there are. */
  get tiers(): number {
    return this.tierStarts.length - 1;
  }

  /** The options that suit a class, resources aside. */
  suitable(podClass: PodClass): SuitableOptions {
    let suitable = this.#suitable.get(podClass.nodeKey);
    if (!suitable) {
      suitable = selectOptions(this.options, podClass);
      this.#suitable.set(podClass.nodeKey, suitable);
    }
    return suitable;
  }

  /** Per dimension the largest room of any option that suits a class. */
  largestRoom(podClass: PodClass): Float64Array {
    let largest = this.#largestRooms.get(podClass.nodeKey);
    if (!largest) {
      const { toRide } = this.suitable(podClass);
      largest = new Float64Array(this.options[0]?.room.length ?? 0);
      for (let at = nextCommonBit(0, toRide); at >= 0; at = nextCommonBit(at + 1, toRide)) {
        for (const [dimension, amount] of this.options[at]?.room.entries() ?? []) {
          if (amount > (largest[dimension] ?? 0)) largest[dimension] = amount;
        }
      }
      this.#largestRooms.set(podClass.nodeKey, largest);
    }
    return largest;
  }

  /** The options with a value (or, with `undefined`, without any) of a label. */
  withDomain(key: string, domain: string | undefined): Bitset {
    let byDomain = this.#domains.get(key);
    if (!byDomain) {
      byDomain = new Map();
      for (const [index, { labels }] of this.options.entries()) {
        const own = labelOf(labels, key);
        let bits = byDomain.get(own);
        if (!bits) byDomain.set(own, bits = createBitset(this.options.length));
        addBit(bits, index);
      }
      this.#domains.set(key, byDomain);
    }
    return byDomain.get(domain) ?? createBitset(this.options.length);
  }

  /** The values that options have for a label. */
  domains(key: string): readonly string[] {
    this.withDomain(key, undefined);
    const known = [...this.#domains.get(key)?.keys() ?? []];
    return known.filter((domain) => domain !== undefined).sort();
  }

  /** The members of both sets that belong to a tier, ascending. */
  *inTier(tier: number, first: Bitset, second: Bitset = first): Generator<number> {
    const end = this.tierStarts[tier + 1] ?? 0;
    let index = nextCommonBit(this.tierStarts[tier] ?? 0, first, second);
    while (index >= 0 && index < end) {
      yield index;
      index = nextCommonBit(index + 1, first, second);
    }
  }
}

/** Dollars an hour of one machine, with the tie-breaker for fewer machines. */
export function priceInDollars({ offer }: Option): number {
  return offer.price.perHour / 1e6 + perMachine;
}

function costOf(option: Option, objective: Objective): number {
  const { offer } = option;
  const dollars = offer.price.perHour / 1e6;
  switch (objective) {
    case "price":
      return priceInDollars(option);
    case "nodes":
      // The price only decides among plans of equally many machines.
      return 1 + dollars / 1e6;
    case "resources":
      return devicesOf(offer.capacity) + (offer.capacity["cpu"] ?? 0) / 1e9 + dollars / 1e6 + 1e-9;
  }
}

function devicesOf(capacity: Option["offer"]["capacity"]): number {
  let devices = 0;
  for (const [name, amount] of Object.entries(capacity)) {
    if (isDevice(name)) devices += amount / 1000;
  }
  return devices;
}
