/**
 * One team: what it has, and who it is.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Random } from "../../../runtime/random.ts";
import { PowerWatch } from "../power_watch.ts";
import type { Switches } from "./behaviour.ts";
import { Identities } from "./identity.ts";
import { dynamicIpAt, isGone, type Machine } from "./machine.ts";
import { MachineActions } from "./machine_actions.ts";
import { Machines } from "./machines.ts";
import { type MachineView, toMachineView } from "./machine_view.ts";
import type { Market } from "./market.ts";
import { PrivateNetworks } from "./private_networks.ts";
import { StartupScripts } from "./startup_scripts.ts";
import { StaticIps } from "./static_ips.ts";
import { type SimCustomTemplate, type SimTemplate, simTemplates } from "./templates.ts";

/** What a team stands on; all but its name is shared with other teams. */
export interface AccountDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly switches: Switches;
  readonly market: Market;
}

/** What a team starts with. */
export interface AccountOptions {
  readonly teamId: string;
  readonly customTemplates?: readonly SimCustomTemplate[] | undefined;
}

/** One team. */
export class Account {
  readonly #deps: AccountDeps;
  readonly teamId: string;
  readonly customTemplates: readonly SimCustomTemplate[];
  readonly machines: Machines;
  readonly actions: MachineActions;
  readonly scripts: StartupScripts;
  readonly ips: StaticIps;
  readonly networks: PrivateNetworks;
  /** Tells when machines start and stop to run. */
  readonly power: PowerWatch<MachineView>;

  constructor(deps: AccountDeps, { teamId, customTemplates = [] }: AccountOptions) {
    const identities = new Identities(deps.random);
    const machines = new Machines(deps);
    this.#deps = deps;
    this.teamId = teamId;
    this.customTemplates = customTemplates;
    this.machines = machines;
    this.actions = new MachineActions({ ...deps, identities, machines });
    this.scripts = new StartupScripts(identities);
    this.ips = new StaticIps(identities);
    this.networks = new PrivateNetworks(identities);
    this.power = new PowerWatch(deps.clock, {
      settle: () => this.settle(),
      running: () => machines.running().map(({ id }) => id),
      view: (id) => this.view(id),
      moments: () => machines.moments(),
    });
  }

  get now(): number {
    return this.#deps.clock.now();
  }

  get switches(): Switches {
    return this.#deps.switches;
  }

  get market(): Market {
    return this.#deps.market;
  }

  /** An OS template, or one of the team's own. */
  template(id: string): SimTemplate | SimCustomTemplate | undefined {
    return simTemplates.get(id) ?? this.customTemplates.find((template) => template.id === id);
  }

  /** The address at which a machine can be reached now. */
  publicIp(machine: Machine): string | undefined {
    return this.ips.of(machine.id)?.ip ?? dynamicIpAt(machine, this.now);
  }

  /** The machine that a static address leads to, unless it is gone. */
  machineOf(machineId: string | undefined): string | undefined {
    const machine = this.machines.all().find(({ id }) => id === machineId);
    return machine === undefined || isGone(machine, this.now) ? undefined : machine.id;
  }

  /** A machine from inside. @throws {RangeError} For no such machine. */
  view(id: string): MachineView {
    const machine = this.machines.all().find((candidate) => candidate.id === id);
    if (machine === undefined) throw new RangeError(`No machine "${id}"`);
    return toMachineView(machine, this.now, this.publicIp(machine));
  }

  /** Every machine there ever was, from inside. */
  views(): MachineView[] {
    this.settle();
    return this.machines.all().map(({ id }) => this.view(id));
  }

  /** Brings callbacks and stock up to date with time. */
  settle(): void {
    this.power.announce();
    this.machines.settle();
  }
}
