/**
 * Puts pods on new machines one after the other, each where it costs least extra: in spare room, on a
 * machine that grows, or on a machine of its own. Keeps every demand on neighbours and ports.
 *
 * @module
 */

import { labelOf } from "../label_of.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import { hasBit, nextCommonBit } from "./bitset.ts";
import type { Demand } from "./demand.ts";
import { countFitting, hasRoom, holds } from "./dimensions.ts";
import type { Draft } from "./draft.ts";
import type { Machine } from "./machine.ts";

/**
 * How many machines that could take a pod are compared, oldest and newest ones. More find a little more
 * spare room; these keep a batch of tens of thousands of pods linear.
 */
const comparedOldest = 8;
const comparedNewest = 8;

/** A way to place one pod. */
interface Move {
  readonly machine: Machine;
  readonly option: number;
  /** By the table's objective. */
  readonly extraCost: number;
}

/** Puts a class's pods into room that is already paid for; nothing is bought and nothing grows. */
export function rideAlong(draft: Draft, demand: Demand): void {
  if (demand.count > 0) new Insertion(draft, demand).ride();
}

/** Puts as many of a class's pods as possible on machines of a tier, buying what is needed. */
export function insertPods(draft: Draft, demand: Demand, tier: number): void {
  if (demand.count > 0) new Insertion(draft, demand).insert(tier);
}

class Insertion {
  readonly #draft: Draft;
  readonly #demand: Demand;
  /** Every machine before this one is closed to the class for good. */
  #firstOpen = 0;
  /** Per dimension the largest room of any option that suits the class. */
  readonly #largestRoom: Float64Array;
  /** By label key and domain, for the pod at hand. */
  readonly #allowedDomains = new Map<string, Map<string | undefined, boolean>>();

  constructor(draft: Draft, demand: Demand) {
    this.#draft = draft;
    this.#demand = demand;
    this.#largestRoom = draft.table.largestRoom(demand.podClass);
  }

  ride(): void {
    for (const machine of this.#draft.machines) {
      while (this.#demand.count > 0) {
        if (this.#isClosed(machine) || !this.#rides(machine)) break;
        this.#board({ machine, option: machine.option, extraCost: 0 });
      }
    }
  }

  insert(tier: number): void {
    while (this.#demand.count > 0) {
      this.#allowedDomains.clear();
      const opening = this.#findOpening(tier);
      const openingCost = opening === undefined ? Infinity : this.#costOf(opening);
      const move = this.#findMove(openingCost);
      if (move) this.#board(move);
      else if (opening !== undefined) {
        const machine = this.#draft.buy(opening);
        this.#board({ machine, option: opening, extraCost: openingCost });
      } else return;
    }
  }

  #board({ machine, option }: Move): void {
    const { free, count } = this.#spare(machine, option);
    // Pods that nothing looks at can go aboard together, as many as there is room for.
    const together = this.#demand.isFree
      ? Math.max(1, Math.min(count, countFitting(free, this.#demand.size)))
      : 1;
    this.#draft.board(machine, this.#demand, { count: together, option });
    this.#allowedDomains.clear();
  }

  #spare(
    machine: Machine,
    option: number,
  ): { readonly free: Float64Array; readonly count: number } {
    const room = this.#draft.table.options[option]?.room ?? machine.load;
    return {
      free: room.map((amount, dimension) => amount - (machine.load[dimension] ?? 0)),
      count: this.#demand.count,
    };
  }

  /** The cheapest option of the tier that takes one pod on a machine of its own. */
  #findOpening(tier: number): number | undefined {
    const { table } = this.#draft;
    const { toBuy } = table.suitable(this.#demand.podClass);
    const empty = new Float64Array(this.#demand.size.length);
    for (const index of table.inTier(tier, toBuy)) {
      const room = table.options[index]?.room ?? empty;
      if (
        hasRoom(room, empty, this.#demand.size) && this.#domainsAllow(index) &&
        this.#draft.canBuy(index) && this.#hostAllows(undefined)
      ) return index;
    }
    return undefined;
  }

  /** The cheapest way to use a machine that is already bought, if it costs no more than `limit`. */
  #findMove(limit: number): Move | undefined {
    const { machines } = this.#draft;
    let best: Move | undefined;
    const consider = (machine: Machine): boolean => {
      const move = this.#moveTo(machine, best ? best.extraCost : limit);
      if (move && (!best || isBetter(move, best))) best = move;
      return best !== undefined && best.extraCost === 0;
    };
    while (this.#firstOpen < machines.length) {
      const machine = machines[this.#firstOpen];
      if (!machine || !this.#isClosed(machine)) break;
      this.#firstOpen += 1;
    }
    let index = this.#firstOpen;
    for (let compared = 0; index < machines.length && compared < comparedOldest; index++) {
      const machine = machines[index];
      if (!machine || this.#isClosed(machine)) continue;
      if (consider(machine)) return best;
      compared += 1;
    }
    const newest = Math.max(index, machines.length - comparedNewest);
    for (let last = machines.length - 1; last >= newest; last--) {
      const machine = machines[last];
      if (machine && !this.#isClosed(machine) && consider(machine)) return best;
    }
    return best;
  }

  #moveTo(machine: Machine, limit: number): Move | undefined {
    if (this.#rides(machine)) return { machine, option: machine.option, extraCost: 0 };
    const { table } = this.#draft;
    const { toBuy } = table.suitable(this.#demand.podClass);
    const current = this.#costOf(machine.option);
    const tier = table.options[machine.option]?.tier ?? 0;
    const end = table.tierStarts[tier + 1] ?? 0;
    let index = nextCommonBit(machine.option + 1, machine.allowed, toBuy);
    while (index >= 0 && index < end) {
      const extraCost = this.#costOf(index) - current;
      if (extraCost > limit) return undefined;
      const room = table.options[index]?.room ?? machine.load;
      if (
        holds(room, machine.load, this.#demand.size) && this.#domainsAllow(index) &&
        this.#draft.canChange(machine, index)
      ) return { machine, option: index, extraCost };
      index = nextCommonBit(index + 1, machine.allowed, toBuy);
    }
    return undefined;
  }

  /** Whether one more pod fits on a machine as it is. */
  #rides(machine: Machine): boolean {
    const { table } = this.#draft;
    const { toRide } = table.suitable(this.#demand.podClass);
    const room = table.options[machine.option]?.room ?? machine.load;
    return hasBit(toRide, machine.option) && hasRoom(room, machine.load, this.#demand.size) &&
      this.#domainsAllow(machine.option);
  }

  /** Whether a machine can never take a pod of this class again. */
  #isClosed(machine: Machine): boolean {
    return !hasRoom(this.#largestRoom, machine.load, this.#demand.size) ||
      machine.collidesWith(this.#demand) || !this.#hostAllows(machine);
  }

  #hostAllows(machine: Machine | undefined): boolean {
    const hostname = machine?.hostname ?? "<one more machine>";
    return this.#draft.topology.allows(this.#demand.relevance, labelKeys.hostname, hostname);
  }

  #domainsAllow(option: number): boolean {
    return this.#demand.relevance.keys.every((key) => {
      const domain = labelOf(this.#draft.table.options[option]?.labels ?? {}, key);
      let known = this.#allowedDomains.get(key);
      if (!known) this.#allowedDomains.set(key, known = new Map());
      let allowed = known.get(domain);
      if (allowed === undefined) {
        allowed = this.#draft.topology.allows(this.#demand.relevance, key, domain);
        known.set(domain, allowed);
      }
      return allowed;
    });
  }

  #costOf(option: number): number {
    return this.#draft.table.costs[option] ?? Infinity;
  }
}

/** Less money first, then the emptier machine, which leaves neighbours more choice. */
function isBetter(left: Move, right: Move): boolean {
  return left.extraCost < right.extraCost ||
    (left.extraCost === right.extraCost && left.machine.podCount < right.machine.podCount);
}
