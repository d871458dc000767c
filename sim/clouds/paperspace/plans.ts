/**
 * What will become of a machine after each request: its coming states and events, decided at once.
 *
 * ```
 * create ─► provisioning ─(create done)─► off ─► starting ─► serviceready ─► ready
 *                                          │         └─(no capacity: start in error)─► off
 *                                          └─ stays without startOnCreate
 * ready ─stop─► stopping ─► off       ready ─restart─► (ready a while) ─► restarting ─► ready
 * off ─start─► starting ─► …          off ─resize─► upgrading ─► off
 * ```
 *
 * Nothing ticks: every state follows from these moments.
 *
 * @module
 */

import type { PaperspaceBehaviour } from "./behaviour.ts";
import type { EventEnd, EventName, EventPlan } from "./events.ts";

/** The vendor's words. */
export type MachineState =
  | "provisioning"
  | "off"
  | "starting"
  | "serviceready"
  | "ready"
  | "stopping"
  | "restarting"
  | "upgrading";

/** From a moment on, until the next phase. Epoch milliseconds. */
export interface Phase {
  readonly at: number;
  readonly state: MachineState;
}

/** Coming states and events, in order. */
export interface Plan {
  readonly phases: readonly Phase[];
  readonly events: readonly EventPlan[];
}

/** How a start goes: comes up, finds no capacity, or is not asked for. */
export type StartFate = "up" | "noCapacity" | "none";

/** How long the vendor's sample of a start without capacity took. */
const refusalMs = 1_000;

/** A machine that is created. */
export function planCreate(now: number, fate: StartFate, behaviour: PaperspaceBehaviour): Plan {
  const { boot, createMs, failureText } = behaviour;
  const createdAt = now + createMs;
  const phases: Phase[] = [{ at: now, state: "provisioning" }];
  const event = (end: EventEnd | undefined) => toEvent("create", now, behaviour, end);
  if (boot === "stuckProvisioning") return { phases, events: [event(undefined)] };
  phases.push({ at: createdAt, state: "off" });
  if (boot === "createError") return { phases, events: [event(fail(createdAt, failureText))] };
  const start = fate === "none" ? noPlan : planStart(createdAt, fate, behaviour);
  return {
    phases: [...phases, ...start.phases],
    events: [event(succeed(createdAt)), ...start.events],
  };
}

/** A machine that is off and is started. */
export function planStart(now: number, fate: StartFate, behaviour: PaperspaceBehaviour): Plan {
  const { boot, eventStartMs, startMs, serviceReadyMs, capacityText, failureText } = behaviour;
  const startingAt = now + eventStartMs;
  const readyAt = now + startMs;
  const starting: Phase = { at: startingAt, state: "starting" };
  const event = (end: EventEnd | undefined) => toEvent("start", now, behaviour, end);
  if (fate !== "up" || boot === "startError") {
    const endsAt = startingAt + refusalMs;
    const text = fate === "up" ? failureText : capacityText;
    return {
      phases: [starting, { at: endsAt, state: "off" }],
      events: [event(fail(endsAt, text))],
    };
  }
  if (boot === "stuckStarting") return { phases: [starting], events: [event(undefined)] };
  const served: Phase = {
    at: Math.max(startingAt, readyAt - serviceReadyMs),
    state: "serviceready",
  };
  if (boot === "stuckServiceReady") {
    return { phases: [starting, served], events: [event(undefined)] };
  }
  const end = behaviour.harmlessErrors
    ? { at: readyAt, state: "error", error: null, shown: true } as const
    : succeed(readyAt);
  return {
    phases: [starting, served, { at: readyAt, state: "ready" }],
    events: [event(end)],
  };
}

/** A machine that is on and is stopped. */
export function planStop(now: number, behaviour: PaperspaceBehaviour): Plan {
  const offAt = now + behaviour.stopMs;
  return {
    phases: [{ at: now + behaviour.eventStartMs, state: "stopping" }, { at: offAt, state: "off" }],
    events: [toEvent("stop", now, behaviour, succeed(offAt))],
  };
}

/** A machine that is on and is restarted. */
export function planRestart(now: number, behaviour: PaperspaceBehaviour): Plan {
  const downAt = now + behaviour.restartLagMs;
  const readyAt = downAt + behaviour.restartMs;
  return {
    phases: [{ at: downAt, state: "restarting" }, { at: readyAt, state: "ready" }],
    events: [toEvent("restart", now, behaviour, succeed(readyAt))],
  };
}

/** A machine that is off and gets other hardware. */
export function planUpgrade(now: number, behaviour: PaperspaceBehaviour): Plan {
  const offAt = now + behaviour.upgradeMs;
  return {
    phases: [{ at: now + behaviour.eventStartMs, state: "upgrading" }, { at: offAt, state: "off" }],
    events: [toEvent("vm-upgrade", now, behaviour, succeed(offAt))],
  };
}

/** A machine that is deleted; its phases say nothing of it. */
export function planDelete(now: number, behaviour: PaperspaceBehaviour): Plan {
  const { deletion, deletedVisibleMs, failureText } = behaviour;
  const endsAt = now + deletedVisibleMs;
  const ends = {
    normal: succeed(endsAt),
    error: fail(endsAt, failureText),
    stuck: undefined,
  };
  return { phases: [], events: [toEvent("deactivate", now, behaviour, ends[deletion])] };
}

/** An action on a machine that is already there: accepted, and nothing happens. */
export function planNothing(name: EventName, now: number): Plan {
  return {
    phases: [],
    events: [{ name, createdAt: now, startedAt: now, end: succeed(now) }],
  };
}

const noPlan: Plan = { phases: [], events: [] };

function toEvent(
  name: EventName,
  now: number,
  { eventStartMs }: PaperspaceBehaviour,
  end: EventEnd | undefined,
): EventPlan {
  return { name, createdAt: now, startedAt: now + eventStartMs, end };
}

function succeed(at: number): EventEnd {
  return { at, state: "done", error: null, shown: true };
}

function fail(at: number, error: string | null): EventEnd {
  return { at, state: "error", error, shown: error !== null };
}
