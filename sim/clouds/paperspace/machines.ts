/**
 * The machines of a team, past and present.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Switches } from "./behaviour.ts";
import { Refusal } from "./errors.ts";
import type { MachineEvent } from "./events.ts";
import { assignedScript, isGone, isOn, type Machine } from "./machine.ts";
import type { Market } from "./market.ts";
import type { StartupScript } from "./startup_scripts.ts";

/** What machines stand on. */
export interface MachinesDeps {
  readonly clock: Clock;
  readonly switches: Switches;
  readonly market: Market;
}

/** The machines of a team. */
export class Machines {
  readonly #deps: MachinesDeps;
  readonly #machines = new Map<string, Machine>();

  constructor(deps: MachinesDeps) {
    this.#deps = deps;
  }

  /** Adds a machine. */
  add(machine: Machine): void {
    this.#machines.set(machine.id, machine);
  }

  /** A machine that can be looked up. @throws {Refusal} 404. */
  find(id: string): Machine {
    const machine = this.#machines.get(id);
    if (machine === undefined || isGone(machine, this.#now)) {
      throw new Refusal("NOT_FOUND", "Machine not found");
    }
    return machine;
  }

  /** Every machine there ever was. */
  all(): Machine[] {
    return [...this.#machines.values()];
  }

  /** The machines that can be looked up. */
  present(): Machine[] {
    return this.all().filter((machine) => !isGone(machine, this.#now));
  }

  /** The machines in the list. */
  listed(): Machine[] {
    const { listsDeleting } = this.#deps.switches.behaviour;
    return this.present().filter(({ listedAt, deletedAt }) =>
      listedAt <= this.#now && (deletedAt === undefined || listsDeleting)
    );
  }

  /** The machines whose operating system runs. */
  running(): Machine[] {
    return this.all().filter((machine) => isOn(machine, this.#now));
  }

  /** Every event that began; those of machines that are gone, too. */
  events(): MachineEvent[] {
    return this.all().flatMap(({ events }) => events).filter(({ createdAt }) =>
      createdAt <= this.#now
    );
  }

  /** Whether the team's machines are as many as it may have. */
  get isFull(): boolean {
    const alive = this.all().filter(({ deletedAt }) => deletedAt === undefined).length;
    return alive >= this.#deps.switches.behaviour.maxMachines;
  }

  /** The machines to which a script is assigned. */
  assignedTo(scriptId: string): Machine[] {
    return this.present().filter((machine) => assignedScript(machine, this.#now)?.id === scriptId);
  }

  /** Makes a script the machine's own, in place of another. */
  assign(machine: Machine, script: StartupScript): void {
    this.unassign(machine);
    machine.assignments = [...machine.assignments, { script, from: this.#now, until: undefined }];
  }

  /** Takes its script from a machine. */
  unassign(machine: Machine): void {
    machine.assignments = machine.assignments.map((assignment) => ({
      ...assignment,
      until: assignment.until ?? this.#now,
    }));
  }

  /**
   * Whether a machine gets a place in the stock, or has one.
   *
   * Places are decided on when a start is accepted, and kept while the machine is off: the vendor says
   * that capacity stays reserved.
   */
  takeCapacity(machine: Machine): boolean {
    const { market, switches } = this.#deps;
    const { type: { label }, region } = machine;
    if (switches.behaviour.phantomStock.includes(`${label}/${region}`)) return false;
    if (machine.holdsCapacity) return true;
    if (market.free(label, region) <= 0) return false;
    market.move(label, region, -1);
    machine.holdsCapacity = true;
    return true;
  }

  /** Gives a machine's place in the stock back, if it has one. */
  returnCapacity(machine: Machine): void {
    if (!machine.holdsCapacity) return;
    machine.holdsCapacity = false;
    this.#deps.market.move(machine.type.label, machine.region, 1);
  }

  /** Brings the stock up to date with time. */
  settle(): void {
    for (const machine of this.all()) {
      if (isGone(machine, this.#now)) this.returnCapacity(machine);
    }
  }

  /** Moments at which machines change by themselves. */
  moments(): number[] {
    return this.all().flatMap(({ phases, goneAt }) => [...phases.map(({ at }) => at), goneAt ?? 0]);
  }

  get #now(): number {
    return this.#deps.clock.now();
  }
}
