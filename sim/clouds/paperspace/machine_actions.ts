/**
 * What requests do to machines. Answers come at once, effects later.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { PaperspaceBehaviour, Switches } from "./behaviour.ts";
import type { SimMachineType } from "./catalog.ts";
import type { MachineOrder } from "./check_order.ts";
import { busyText, Refusal } from "./errors.ts";
import { breakOff, eventWords, isUnderWay, type MachineEvent } from "./events.ts";
import { carryOut, endLife, type Present, replan } from "./future.ts";
import type { Identities } from "./identity.ts";
import { type Machine, type MachineSettings, stateAt } from "./machine.ts";
import type { Machines } from "./machines.ts";
import {
  type Plan,
  planCreate,
  planDelete,
  planNothing,
  planRestart,
  planStart,
  planStop,
  planUpgrade,
} from "./plans.ts";
import { createSettings } from "./settings.ts";
import type { StartupScript } from "./startup_scripts.ts";

/** What actions stand on. */
export interface MachineActionsDeps {
  readonly clock: Clock;
  readonly switches: Switches;
  readonly identities: Identities;
  readonly machines: Machines;
}

/** What a request did. */
export interface Done {
  readonly machine: Machine;
  /** Absent if nothing is under way. */
  readonly event: MachineEvent | undefined;
}

/** Actions on the machines of a team. */
export class MachineActions {
  readonly #deps: MachineActionsDeps;

  constructor(deps: MachineActionsDeps) {
    this.#deps = deps;
  }

  /** Rents a machine, whether there is capacity or not. */
  create(order: MachineOrder, script: StartupScript | undefined): Done {
    const { identities, machines } = this.#deps;
    const { now, behaviour } = this.#present;
    const { input, type, template, region } = order;
    const settings = createSettings(input);
    const { diskSizeGb } = settings;
    const machine: Machine = {
      id: identities.id("ps", 10),
      region,
      agentType: template.agentType,
      operatingSystemLabel: template.operatingSystemLabel,
      privateIp: identities.privateAddress(),
      createdAt: now,
      listedAt: now + behaviour.listLagMs,
      emailsPassword: input.emailPassword ?? true,
      type,
      settings,
      modifiedAt: now,
      phases: [],
      events: [],
      assignments: script === undefined ? [] : [{ script, from: now, until: undefined }],
      rates: [{ from: now, usageRate: type.usageRate, diskSizeGb }],
      leases: [],
      holdsCapacity: false,
      deletedAt: undefined,
      goneAt: undefined,
    };
    machines.add(machine);
    const fate = input.startOnCreate === false ? "none" : this.#findFate(machine);
    return this.#do(machine, planCreate(now, fate, behaviour));
  }

  /** Starts a machine that is off. @throws {Refusal} While something is under way. */
  start(id: string): Done {
    const machine = this.#idle(id);
    const { now, behaviour } = this.#present;
    if (stateAt(machine, now) !== "off") return this.#do(machine, planNothing("start", now));
    return this.#do(machine, planStart(now, this.#findFate(machine), behaviour));
  }

  /** Stops a machine that is on. @throws {Refusal} While something is under way. */
  stop(id: string): Done {
    const machine = this.#idle(id);
    const { now, behaviour } = this.#present;
    if (stateAt(machine, now) === "off") return this.#do(machine, planNothing("stop", now));
    return this.#do(machine, planStop(now, behaviour));
  }

  /** Restarts a machine that is on. @throws {Refusal} While it is off, or something is under way. */
  restart(id: string): Done {
    const machine = this.#idle(id);
    const { now, behaviour } = this.#present;
    if (stateAt(machine, now) === "off") throw new Refusal("BAD_REQUEST", busyText("off"));
    return this.#do(machine, planRestart(now, behaviour));
  }

  /** Gives a machine other hardware. @throws {Refusal} While it is not off. */
  upgrade(id: string, type: SimMachineType, diskSizeGb: number): Done {
    const machine = this.#idle(id);
    const { now, behaviour } = this.#present;
    const state = stateAt(machine, now);
    if (state !== "off") throw new Refusal("BAD_REQUEST", busyText(state));
    if (type.label !== machine.type.label) this.#deps.machines.returnCapacity(machine);
    machine.type = type;
    machine.settings = { ...machine.settings, diskSizeGb };
    machine.rates = [...machine.rates, { from: now, usageRate: type.usageRate, diskSizeGb }];
    return this.#do(machine, planUpgrade(now, behaviour));
  }

  /** Changes settings that need nothing to be done. */
  change(machine: Machine, settings: MachineSettings): void {
    machine.settings = settings;
    machine.modifiedAt = this.#present.now;
    replan(machine, this.#present);
  }

  /** Deletes a machine in whatever state. @throws {Refusal} As switched. */
  delete(id: string): Done {
    const machine = this.#deps.machines.find(id);
    if (machine.deletedAt !== undefined) return this.#deleteAgain(machine);
    const { now, behaviour } = this.#present;
    const state = stateAt(machine, now);
    const comesUp = state === "provisioning" || state === "starting" || state === "serviceready";
    if (comesUp && behaviour.deleteWhileBooting === "refuse") throw this.#busy(state);
    if (behaviour.deletion === "normal") endLife(machine, now + behaviour.deletedVisibleMs, now);
    if (behaviour.deletion === "stuck") endLife(machine, undefined, now);
    return this.#do(machine, planDelete(now, behaviour));
  }

  /** A machine is deleted elsewhere, and gone at once. @throws {Refusal} If it is gone already. */
  vanish(id: string): void {
    const { now } = this.#present;
    endLife(this.#deps.machines.find(id), now, now);
  }

  /** A machine goes off: its host fails, or it is stopped elsewhere. @throws {Refusal} If it is gone. */
  switchOff(id: string): void {
    const machine = this.#deps.machines.find(id);
    const { now } = this.#present;
    machine.events = breakOff(machine.events, now);
    const { events } = planNothing("stop", now);
    this.#do(machine, { phases: [{ at: now, state: "off" }], events });
  }

  #deleteAgain(machine: Machine): Done {
    switch (this.#present.behaviour.repeatedDelete) {
      case "accept":
        return { machine, event: machine.events.findLast(({ name }) => name === "deactivate") };
      case "conflict":
        throw this.#busy(eventWords.deactivate);
      case "notFound":
        throw new Refusal("NOT_FOUND", "Machine not found");
    }
  }

  #findFate(machine: Machine): "up" | "noCapacity" {
    return this.#deps.machines.takeCapacity(machine) ? "up" : "noCapacity";
  }

  #do(machine: Machine, plan: Plan): Done {
    return { machine, event: carryOut(machine, plan, this.#present) };
  }

  /** A machine with which nothing is under way. @throws {Refusal} 404, or as switched. */
  #idle(id: string): Machine {
    const machine = this.#deps.machines.find(id);
    const { now } = this.#present;
    if (machine.deletedAt !== undefined) throw this.#busy(eventWords.deactivate);
    const event = machine.events.find((candidate) => isUnderWay(candidate, now));
    if (event !== undefined) throw this.#busy(eventWords[event.name]);
    return machine;
  }

  #busy(word: string): Refusal {
    const { busyStatus } = this.#present.behaviour;
    return new Refusal("CONFLICT", busyText(word), { status: busyStatus });
  }

  get #present(): Present & { readonly behaviour: PaperspaceBehaviour } {
    const { clock, switches, identities } = this.#deps;
    return { now: clock.now(), behaviour: switches.behaviour, identities };
  }
}
