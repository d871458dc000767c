/**
 * The simulated account: machines and what happens to them over time.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Random } from "../../../runtime/random.ts";
import { PowerWatch } from "../power_watch.ts";
import type { BillLine } from "../simulated_cloud.ts";
import type { LambdaBehaviour } from "./behaviour.ts";
import type { SimInstanceType, Stock } from "./catalog.ts";
import { checkOrder, checkTermination, type Inventory } from "./check_order.ts";
import { Refusal } from "./errors.ts";
import type { LaunchOrder } from "./launch_request.ts";
import { endMachine, type Machine, type MachineEnd, stateAt, toBillLine } from "./machine.ts";
import { type MachineView, toMachineView } from "./machine_view.ts";
import { makeMachine, toForeignOrder } from "./make_machine.ts";
import { Market } from "./market.ts";

/** What an account starts with. */
export interface AccountOptions extends Partial<Inventory> {
  readonly stock?: Stock | undefined;
}

/** The simulated account. */
export class Account {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #machines = new Map<string, Machine>();
  readonly #restocked = new Set<string>();
  readonly market: Market;
  /** What launches may name. */
  readonly inventory: Inventory;
  /** Switches; replaced as a whole. */
  behaviour: LambdaBehaviour;
  /** Tells when machines start and stop to run. */
  readonly power: PowerWatch<MachineView>;

  constructor(
    deps: { readonly clock: Clock; readonly random: Random },
    { stock, sshKeyNames = ["tgp"], filesystems = [], rulesets = [] }: AccountOptions,
    behaviour: LambdaBehaviour,
  ) {
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.behaviour = behaviour;
    this.power = new PowerWatch(deps.clock, {
      settle: () => this.settle(),
      running: () => this.#running(),
      view: (id) => this.#view(this.#machine(id)),
      moments: () => this.#moments(),
    });
    this.inventory = { sshKeyNames, filesystems, rulesets };
    this.market = new Market(stock);
  }

  /** Free machines by type and region, without zeros. */
  stock(): Stock {
    this.settle();
    return this.market.stock();
  }

  /** Regions where a type can be had, phantom stock included. */
  regionsWithCapacity(type: string): string[] {
    const phantoms = this.behaviour.phantomStock.map((pair) => pair.split("/"))
      .filter(([name]) => name === type).map(([, region]) => region ?? "");
    return [...new Set([...Object.keys(this.stock()[type] ?? {}), ...phantoms])].sort();
  }

  /** Rents a machine. @throws {Refusal} As the vendor does. */
  launch(order: LaunchOrder): Machine {
    this.settle();
    const { maxMachines, phantomStock } = this.behaviour;
    const type = checkOrder(order, {
      ...this.inventory,
      type: (name) => this.market.find(name),
      aliveCount: this.bill().filter(({ end }) => end === undefined).length,
      maxMachines,
    });
    const free = this.market.free(type.name, order.region);
    if (free <= 0 || phantomStock.includes(`${type.name}/${order.region}`)) {
      throw new Refusal("instance-operations/launch/insufficient-capacity");
    }
    this.market.setStock(type.name, order.region, free - 1);
    return this.#rent(order, type);
  }

  /** Rents machines with names that are not ours, whatever the stock. */
  addForeignMachines(count: number): void {
    const [sshKeyName = ""] = this.inventory.sshKeyNames;
    for (let number = 1; number <= count; number++) {
      const order = toForeignOrder(number, sshKeyName);
      this.#rent(order, this.market.type(order.instanceType));
    }
  }

  /** Ends machines, all or none. @throws {Refusal} As the vendor does. */
  terminate(ids: readonly string[]): Machine[] {
    this.settle();
    const machines = ids.map((id) => {
      const machine = this.find(id);
      if (machine === undefined) throw new Refusal("global/object-does-not-exist");
      checkTermination(stateAt(machine, this.#clock.now()), this.behaviour);
      return machine;
    });
    const { terminate, terminateMs } = this.behaviour;
    for (const machine of machines) {
      this.#end(machine, terminate === "normal" ? { afterMs: terminateMs } : "never");
    }
    return machines;
  }

  /** The vendor takes a machine away. Does nothing if it is gone already. */
  preempt(id: string): void {
    const machine = this.#machines.get(id);
    if (machine !== undefined && machine.terminatedAt === undefined) {
      this.#end(machine, "preempted");
    }
  }

  /** A running machine fails its health checks from now on; it bills on. */
  breakDown(id: string): void {
    const machine = this.#machines.get(id);
    if (machine !== undefined) machine.unhealthyAt = this.#clock.now();
  }

  /** A machine that can be looked up by id. */
  find(id: string): Machine | undefined {
    this.settle();
    const machine = this.#machines.get(id);
    const gone = machine?.terminatedAt;
    const hidden = gone !== undefined &&
      this.#clock.now() >= gone + this.behaviour.terminatedVisibleMs;
    return hidden ? undefined : machine;
  }

  /** The machines in the list. */
  listed(): Machine[] {
    this.settle();
    const now = this.#clock.now();
    return [...this.#machines.values()].filter((machine) => {
      if (now < machine.listedAt) return false;
      const gone = machine.terminatedAt !== undefined && machine.terminatedAt <= now;
      return !gone || (this.behaviour.listsTerminated && this.find(machine.id) !== undefined);
    });
  }

  /** Every machine there ever was, from inside: what it was given and where it stands. */
  machines(): MachineView[] {
    this.settle();
    return [...this.#machines.values()].map((machine) => this.#view(machine));
  }

  /** What every machine cost so far. */
  bill(): BillLine[] {
    return [...this.#machines.values()].map((machine) => toBillLine(machine, this.#clock.now()));
  }

  /** Brings callbacks and stock up to date with time. */
  settle(): void {
    const now = this.#clock.now();
    this.power.announce();
    for (const machine of this.#machines.values()) {
      const state = stateAt(machine, now);
      const gone = state === "terminated" || state === "preempted";
      if (gone && !this.#restocked.has(machine.id)) {
        this.#restocked.add(machine.id);
        const { type: { name }, region } = machine;
        this.market.setStock(name, region, this.market.free(name, region) + 1);
      }
    }
  }

  #rent(order: LaunchOrder, type: SimInstanceType): Machine {
    const machine = makeMachine({
      order,
      type,
      behaviour: this.behaviour,
      number: this.#machines.size,
      now: this.#clock.now(),
      random: this.#random,
    });
    this.#machines.set(machine.id, machine);
    this.power.wake();
    return machine;
  }

  #end(machine: Machine, how: MachineEnd): void {
    if (machine.terminatingAt !== undefined) return;
    endMachine(machine, this.#clock.now(), how);
    this.settle();
    this.power.wake();
  }

  #machine(id: string): Machine {
    const machine = this.#machines.get(id);
    if (machine === undefined) throw new RangeError(`No machine "${id}"`);
    return machine;
  }

  /** Machines that came up and are not being ended; failing health checks takes no power away. */
  #running(): string[] {
    const now = this.#clock.now();
    return [...this.#machines.values()].filter(({ activeAt, terminatingAt }) =>
      activeAt !== undefined && activeAt <= now && terminatingAt === undefined
    ).map(({ id }) => id);
  }

  #moments(): number[] {
    return [...this.#machines.values()].flatMap((machine) => [
      machine.activeAt ?? 0,
      machine.terminatedAt ?? 0,
    ]);
  }

  #view(machine: Machine): MachineView {
    return toMachineView(machine, this.#clock.now());
  }
}
