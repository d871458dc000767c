/**
 * A machine that a plan is going to buy, while pods are still being put on it.
 *
 * @module
 */

import { labels as labelKeys } from "../../schemas/labels.ts";
import { labelOf } from "../label_of.ts";
import type { PodRef } from "../plan.ts";
import { type Bitset, keepBits } from "./bitset.ts";
import type { Demand } from "./demand.ts";
import { addLoad } from "./dimensions.ts";
import { collides, type HostPort } from "./host_ports.ts";
import type { OptionTable } from "./option_table.ts";
import type { Site } from "./topology.ts";

/** Pods of one class on one machine. */
export interface Passengers {
  readonly demand: Demand;
  readonly pods: PodRef[];
}

/** One machine; its option may still change to a larger one. */
export class Machine implements Site {
  /** Different from every other host's; not the name it will have. */
  readonly hostname: string;
  /** Index of the option it counts on. */
  option: number;
  /** Options on which everything aboard may run, room aside. */
  readonly allowed: Bitset;
  readonly load: Float64Array;
  /** By rank of the class. */
  readonly passengers: Map<number, Passengers>;
  /** Label keys on which it is bound to the domain of its option. */
  readonly pinned: Set<string>;
  readonly #ports: HostPort[];
  readonly #table: OptionTable;

  constructor(
    from: {
      readonly hostname: string;
      readonly option: number;
      readonly allowed: Bitset;
      readonly load: Float64Array;
      readonly passengers?: ReadonlyMap<number, Passengers>;
      readonly pinned?: ReadonlySet<string>;
      readonly ports?: readonly HostPort[];
    },
    table: OptionTable,
  ) {
    this.hostname = from.hostname;
    this.option = from.option;
    this.allowed = from.allowed.slice();
    this.load = from.load.slice();
    this.passengers = new Map(from.passengers);
    this.pinned = new Set(from.pinned);
    this.#ports = [...from.ports ?? []];
    this.#table = table;
  }

  /** How many pods are aboard. */
  get podCount(): number {
    let count = 0;
    for (const { pods } of this.passengers.values()) count += pods.length;
    return count;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#table.options[this.option]?.labels ?? {};
  }

  domain(key: string): string | undefined {
    return key === labelKeys.hostname ? this.hostname : labelOf(this.labels, key);
  }

  /** Whether a class's ports are taken. */
  collidesWith({ podClass }: Demand): boolean {
    return podClass.hostPorts.length > 0 && collides(podClass.hostPorts, this.#ports);
  }

  /** Takes pods aboard on an option, which must be allowed and have room. */
  board(demand: Demand, pods: readonly PodRef[], option: number): void {
    this.option = option;
    keepBits(this.allowed, this.#table.suitable(demand.podClass).toRide);
    for (const key of demand.relevance.keys) {
      if (this.pinned.has(key)) continue;
      this.pinned.add(key);
      keepBits(this.allowed, this.#table.withDomain(key, this.domain(key)));
    }
    addLoad(this.load, demand.size, pods.length);
    for (const _ of pods) this.#ports.push(...demand.podClass.hostPorts);
    const aboard = this.passengers.get(demand.rank);
    if (aboard) aboard.pods.push(...pods);
    else this.passengers.set(demand.rank, { demand, pods: [...pods] });
  }

  /** An independent copy, with the classes as `translate` gives them. */
  clone(translate: (demand: Demand) => Demand): Machine {
    const { hostname, option, allowed, load, pinned } = this;
    const passengers = new Map<number, Passengers>();
    for (const [rank, { demand, pods }] of this.passengers) {
      passengers.set(rank, { demand: translate(demand), pods: [...pods] });
    }
    const from = { hostname, option, allowed, load, passengers, pinned, ports: this.#ports };
    return new Machine(from, this.#table);
  }
}
