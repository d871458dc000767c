/**
 * Writes plans into machines.
 *
 * @module
 */

import { breakOff, type MachineEvent } from "./events.ts";
import type { Identities } from "./identity.ts";
import { type Machine, stateAt } from "./machine.ts";
import type { PaperspaceBehaviour } from "./behaviour.ts";
import { type Plan, planStop } from "./plans.ts";

const hourMs = 3_600_000;

/** What writing needs to know. */
export interface Present {
  readonly now: number;
  readonly behaviour: PaperspaceBehaviour;
  readonly identities: Identities;
}

/** Replaces a machine's future by a plan; one without phases leaves it and adds events. */
export function carryOut(machine: Machine, plan: Plan, present: Present): MachineEvent {
  if (plan.phases.length > 0) dropFuture(machine, present.now);
  const added = append(machine, plan, present);
  if (plan.phases.length > 0) shutDownLater(machine, present);
  machine.modifiedAt = present.now;
  const [event] = added;
  if (event === undefined) throw new RangeError("A plan without an event");
  return event;
}

/** Ends a machine's life. @param goneAt When it cannot be looked up any more; absent: never. */
export function endLife(machine: Machine, goneAt: number | undefined, now: number): void {
  machine.events = breakOff(machine.events, now);
  dropFuture(machine, now);
  machine.deletedAt = now;
  machine.goneAt = goneAt;
  machine.modifiedAt = now;
}

/** Follows changed settings: a machine that is on and idle gets another time to shut down. */
export function replan(machine: Machine, present: Present): void {
  if (stateAt(machine, present.now) !== "ready") return;
  dropFuture(machine, present.now);
  shutDownLater(machine, present);
  lease(machine, [present.now], present);
}

function dropFuture(machine: Machine, now: number): void {
  machine.phases = machine.phases.filter(({ at }) => at <= now);
  machine.events = machine.events.filter(({ createdAt }) => createdAt <= now);
  machine.leases = machine.leases.filter(({ from }) => from <= now);
}

function append(machine: Machine, plan: Plan, present: Present): MachineEvent[] {
  const added = plan.events.map((event) => ({
    ...event,
    id: present.identities.uuid(),
    machineId: machine.id,
  }));
  machine.events = [...machine.events, ...added];
  machine.phases = [...machine.phases, ...plan.phases];
  lease(machine, plan.phases.filter(({ state }) => state === "ready").map(({ at }) => at), present);
  return added;
}

/** The vendor counts login sessions only: a machine goes down after its time, busy or not. */
function shutDownLater(machine: Machine, present: Present): void {
  const { autoShutdownEnabled, autoShutdownTimeout } = machine.settings;
  const last = machine.phases.at(-1);
  if (!autoShutdownEnabled || autoShutdownTimeout === null || last?.state !== "ready") return;
  const at = Math.max(last.at, present.now) + autoShutdownTimeout * hourMs;
  append(machine, planStop(at, present.behaviour), present);
}

/** A new dynamic address for each time it comes up. */
function lease(machine: Machine, moments: readonly number[], { identities }: Present): void {
  if (machine.settings.publicIpType !== "dynamic") return;
  machine.leases = [
    ...machine.leases,
    ...moments.map((from) => ({ ip: identities.publicAddress(), from })),
  ];
}
