/**
 * A plan in the making: what was bought, what still waits, what may still be spent.
 *
 * @module
 */

import type { PodRef } from "../plan.ts";
import { createBitset } from "./bitset.ts";
import type { Demand } from "./demand.ts";
import { Machine } from "./machine.ts";
import { type OptionTable, priceInDollars } from "./option_table.ts";
import type { Option } from "./options.ts";
import type { Topology } from "./topology.ts";
import { purchaseOf, type Wallet } from "./wallet.ts";

/** The parts of a draft. */
export interface DraftParts {
  readonly table: OptionTable;
  readonly topology: Topology;
  readonly wallet: Wallet;
  /** In the order in which they are served; a demand's rank is its index. */
  readonly demands: readonly Demand[];
  readonly machines?: readonly Machine[];
}

/** A plan in the making; cloned to try alternatives. */
export class Draft {
  readonly table: OptionTable;
  readonly topology: Topology;
  readonly wallet: Wallet;
  readonly demands: readonly Demand[];
  readonly machines: Machine[];

  constructor({ table, topology, wallet, demands, machines = [] }: DraftParts) {
    this.table = table;
    this.topology = topology;
    this.wallet = wallet;
    this.demands = demands;
    this.machines = [...machines];
  }

  /** Dollars an hour of all machines, with the tie-breaker for fewer machines. */
  get price(): number {
    let price = 0;
    for (const { option } of this.machines) price += priceInDollars(this.#option(option));
    return price;
  }

  /** The classes of these ranks, in this draft. */
  demandsOf(ranks: readonly number[]): readonly Demand[] {
    return ranks.flatMap((rank) => this.demands[rank] ?? []);
  }

  /** Whether one more machine of this option is within all limits. */
  canBuy(index: number): boolean {
    const option = this.#option(index);
    return !this.wallet.isLimited(option.template) ||
      this.wallet.check(option.template, purchaseOf(option)) === undefined;
  }

  /** Whether a machine may become another option within all limits. */
  canChange({ option: from }: Machine, to: number): boolean {
    const [old, next] = [this.#option(from), this.#option(to)];
    if (!this.wallet.isLimited(next.template)) return true;
    this.wallet.giveBack(old.template, purchaseOf(old));
    const refusal = this.wallet.check(next.template, purchaseOf(next));
    this.wallet.take(old.template, purchaseOf(old));
    return refusal === undefined;
  }

  /** Buys an empty machine; whoever calls has asked {@linkcode canBuy}. */
  buy(index: number): Machine {
    const option = this.#option(index);
    this.wallet.take(option.template, purchaseOf(option));
    const everything = createBitset(this.table.options.length).fill(0xffffffff);
    const machine = new Machine({
      hostname: `<new machine ${this.machines.length}>`,
      option: index,
      allowed: everything,
      load: new Float64Array(option.room.length),
    }, this.table);
    this.machines.push(machine);
    return machine;
  }

  /** Puts waiting pods of a class on a machine, which becomes `option`. */
  board(machine: Machine, demand: Demand, { count, option }: {
    readonly count: number;
    readonly option: number;
  }): readonly PodRef[] {
    if (option !== machine.option) {
      const [old, next] = [this.#option(machine.option), this.#option(option)];
      this.wallet.giveBack(old.template, purchaseOf(old));
      this.wallet.take(next.template, purchaseOf(next));
    }
    const pods = demand.take(count);
    machine.board(demand, pods, option);
    this.topology.record(demand.relevance, machine, pods.length);
    return pods;
  }

  /**
   * An independent copy.
   *
   * @param table Another table, for a draft that has no machines yet.
   */
  clone(table: OptionTable = this.table): Draft {
    const { topology, translate } = this.topology.clone();
    const copies = new Map(
      this.demands.map((demand) => [demand.rank, demand.clone(translate(demand.relevance))]),
    );
    const copyOf = (demand: Demand) => copies.get(demand.rank) ?? demand;
    return new Draft({
      table,
      topology,
      wallet: this.wallet.clone(),
      demands: this.demands.map(copyOf),
      machines: this.machines.map((machine) => machine.clone(copyOf)),
    });
  }

  #option(index: number): Option {
    const option = this.table.options[index];
    if (!option) throw new RangeError(`Cannot use option ${index}: there is none`);
    return option;
  }
}
