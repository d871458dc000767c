/**
 * The simulated account: stock, machines and what happens to them over time.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Random } from "../../../runtime/random.ts";
import type { LambdaBehaviour } from "./behaviour.ts";
import { defaultStock, type SimInstanceType, simInstanceTypes, type Stock } from "./catalog.ts";
import { Refusal } from "./errors.ts";
import type { LaunchOrder } from "./launch_request.ts";
import { PowerWatch } from "../power_watch.ts";
import type { BillLine } from "../simulated_cloud.ts";
import { type Machine, type MachineState, stateAt, toBillLine } from "./machine.ts";

/** Something in a region that launches may name. */
export interface RegionalThing {
  readonly id: string;
  readonly name: string;
  readonly region: string;
}

/** A machine as seen by what plays its inside: the fake kubelet. */
export interface MachineView {
  readonly id: string;
  readonly name: string;
  readonly state: MachineState;
  readonly instanceType: SimInstanceType;
  readonly region: string;
  readonly ip: string;
  readonly privateIp: string;
  readonly userData: string;
  readonly launchedAt: number;
}

/** Told of a machine. */
export type MachineListener = (machine: MachineView) => void;

/** What an account starts with. */
export interface AccountOptions {
  readonly stock?: Stock | undefined;
  readonly sshKeyNames?: readonly string[] | undefined;
  readonly filesystems?: readonly RegionalThing[] | undefined;
  readonly rulesets?: readonly RegionalThing[] | undefined;
}

/** Documentation addresses only: RFC 5737. */
const publicPrefixes = ["203.0.113.", "198.51.100.", "192.0.2."];

/** The simulated account. */
export class Account {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #types = new Map(simInstanceTypes);
  readonly #stock = new Map<string, Map<string, number>>();
  readonly #machines = new Map<string, Machine>();
  readonly #restocked = new Set<string>();
  readonly sshKeyNames: readonly string[];
  readonly filesystems: readonly RegionalThing[];
  readonly rulesets: readonly RegionalThing[];
  /** Switches; replaced as a whole. */
  behaviour: LambdaBehaviour;
  /** Tells when machines start and stop to run. */
  readonly power: PowerWatch<MachineView>;

  constructor(
    deps: { readonly clock: Clock; readonly random: Random },
    options: AccountOptions,
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
    this.sshKeyNames = options.sshKeyNames ?? ["tgp"];
    this.filesystems = options.filesystems ?? [];
    this.rulesets = options.rulesets ?? [];
    for (const [type, regions] of Object.entries(options.stock ?? defaultStock)) {
      for (const [region, count] of Object.entries(regions)) this.setStock(type, region, count);
    }
  }

  /** Every machine type at today's price. */
  types(): SimInstanceType[] {
    return [...this.#types.values()];
  }

  /**
   * Changes a type's price for machines launched from now on.
   *
   * @param cents US cents per hour. @throws {RangeError} For no such type.
   */
  setPrice(type: string, cents: number): void {
    this.#types.set(type, { ...this.#type(type), price_cents_per_hour: cents });
  }

  /** Sets how many machines of a type are free in a region. @throws {RangeError} For no such type. */
  setStock(type: string, region: string, count: number): void {
    this.#type(type);
    const regions = this.#stock.get(type) ?? new Map<string, number>();
    regions.set(region, count);
    this.#stock.set(type, regions);
  }

  /** Free machines by type and region, without zeros. */
  stock(): Stock {
    this.settle();
    return Object.fromEntries([...this.#stock].map(([type, regions]) => [
      type,
      Object.fromEntries([...regions].filter(([, count]) => count > 0)),
    ]));
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
    const type = this.#checkOrder(order);
    const free = this.#stock.get(type.name)?.get(order.region) ?? 0;
    const phantom = this.behaviour.phantomStock.includes(`${type.name}/${order.region}`);
    if (free <= 0 || phantom) {
      throw new Refusal("instance-operations/launch/insufficient-capacity");
    }
    this.setStock(type.name, order.region, free - 1);
    return this.#rent(order, type);
  }

  #rent(order: LaunchOrder, type: SimInstanceType): Machine {
    const now = this.#clock.now();
    const { bootMs, boot, addressAfterMs, listLagMs } = this.behaviour;
    const readyAt = now + (type.specs.gpus > 1 ? bootMs.multiple : bootMs.single);
    const number = this.#machines.size;
    const machine: Machine = {
      id: this.#hex(32),
      name: order.name,
      hostname: order.hostname,
      type,
      region: order.region,
      sshKeyNames: [order.sshKeyName],
      filesystemNames: order.filesystemNames,
      tags: order.tags,
      userData: order.userData,
      ip: `${publicPrefixes[Math.floor(number / 254) % 3]}${(number % 254) + 1}`,
      privateIp: `10.19.${Math.floor(number / 254) % 256}.${(number % 254) + 1}`,
      jupyterToken: "0".repeat(32),
      launchedAt: now,
      addressAt: Math.min(now + addressAfterMs, readyAt),
      listedAt: now + listLagMs,
      activeAt: boot === "normal" ? readyAt : undefined,
      unhealthyAt: boot === "unhealthy" ? readyAt : undefined,
      terminatingAt: undefined,
      terminatedAt: undefined,
      preempted: false,
    };
    this.#machines.set(machine.id, machine);
    this.power.wake();
    return machine;
  }

  /** Rents machines with names that are not ours, whatever the stock. */
  addForeignMachines(count: number): void {
    for (let number = 1; number <= count; number++) {
      this.#rent({
        name: `somebody-elses-${number}`,
        hostname: undefined,
        image: undefined,
        instanceType: "gpu_1x_a10",
        region: "us-east-1",
        sshKeyName: this.sshKeyNames[0] ?? "",
        filesystemNames: [],
        rulesetIds: [],
        tags: undefined,
        userData: undefined,
      }, this.#type("gpu_1x_a10"));
    }
  }

  /** Ends machines, all or none. @throws {Refusal} As the vendor does. */
  terminate(ids: readonly string[]): Machine[] {
    this.settle();
    const machines = ids.map((id) => this.#checkTermination(id));
    for (const machine of machines) this.#end(machine, false);
    return machines;
  }

  /** The vendor takes a machine away. Does nothing if it is gone already. */
  preempt(id: string): void {
    const machine = this.#machines.get(id);
    if (machine !== undefined && machine.terminatedAt === undefined) this.#end(machine, true);
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
        const free = this.#stock.get(machine.type.name)?.get(machine.region) ?? 0;
        this.setStock(machine.type.name, machine.region, free + 1);
      }
    }
  }

  #type(name: string): SimInstanceType {
    const type = this.#types.get(name);
    if (type === undefined) throw new RangeError(`No instance type "${name}"`);
    return type;
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

  #checkOrder(order: LaunchOrder): SimInstanceType {
    const missing = (what: string) => new Refusal("global/object-does-not-exist", what);
    const type = this.#types.get(order.instanceType);
    if (type === undefined) {
      throw missing(`Instance type '${order.instanceType}' does not exist.`);
    }
    if (!this.sshKeyNames.includes(order.sshKeyName)) {
      throw missing(`SSH key '${order.sshKeyName}' does not exist.`);
    }
    for (const name of order.filesystemNames) {
      const filesystem = this.filesystems.find((candidate) => candidate.name === name);
      if (filesystem === undefined) throw missing(`Filesystem '${name}' does not exist.`);
      if (filesystem.region !== order.region) {
        throw new Refusal("instance-operations/launch/file-system-in-wrong-region");
      }
    }
    for (const id of order.rulesetIds) {
      const ruleset = this.rulesets.find((candidate) => candidate.id === id);
      if (ruleset?.region !== order.region) {
        throw missing(`Firewall ruleset '${id}' does not exist.`);
      }
    }
    const { maxMachines } = this.behaviour;
    const alive = this.bill().filter((line) => line.end === undefined).length;
    if (maxMachines !== null && alive >= maxMachines) throw new Refusal("global/quota-exceeded");
    return type;
  }

  #checkTermination(id: string): Machine {
    const machine = this.find(id);
    if (machine === undefined) throw new Refusal("global/object-does-not-exist");
    const state = stateAt(machine, this.#clock.now());
    if (state === "booting" && this.behaviour.terminateWhileBooting === "refuse") {
      throw new Refusal(
        "global/invalid-parameters",
        "The instance has not finished launching (vm-has-not-launched).",
      );
    }
    if (state === "terminating" || state === "terminated" || state === "preempted") {
      switch (this.behaviour.repeatedTerminate) {
        case "accept":
          break;
        case "unknown":
          throw new Refusal("global/unknown");
        case "notFound":
          throw new Refusal("global/object-does-not-exist");
        case "conflict":
          throw new Refusal("global/conflict");
      }
    }
    return machine;
  }

  #end(machine: Machine, preempted: boolean): void {
    if (machine.terminatingAt !== undefined) return;
    const now = this.#clock.now();
    machine.terminatingAt = now;
    machine.preempted = preempted;
    // What had not happened by now will not happen.
    if ((machine.activeAt ?? 0) > now) machine.activeAt = undefined;
    if ((machine.unhealthyAt ?? 0) > now) machine.unhealthyAt = undefined;
    if (preempted) machine.terminatedAt = now;
    else if (this.behaviour.terminate === "normal") {
      machine.terminatedAt = now + this.behaviour.terminateMs;
    }
    this.settle();
    this.power.wake();
  }

  #view(machine: Machine): MachineView {
    return {
      id: machine.id,
      name: machine.name ?? machine.id,
      state: stateAt(machine, this.#clock.now()),
      instanceType: machine.type,
      region: machine.region,
      ip: machine.ip,
      privateIp: machine.privateIp,
      userData: machine.userData ?? "",
      launchedAt: machine.launchedAt,
    };
  }

  #hex(length: number): string {
    let text = "";
    while (text.length < length) text += Math.floor(this.#random.next() * 16).toString(16);
    return text;
  }
}
