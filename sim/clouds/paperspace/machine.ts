/**
 * One simulated machine: its life as a function of time. Moments are epoch milliseconds.
 *
 * @module
 */

import type { SimMachineType, SimRegion } from "./catalog.ts";
import type { MachineEvent } from "./events.ts";
import type { MachineState, Phase } from "./plans.ts";
import type { StartupScript } from "./startup_scripts.ts";

/** What requests may set of a machine. */
export interface MachineSettings {
  readonly name: string;
  readonly diskSizeGb: number;
  /** A private network; absent: the team's default one. */
  readonly networkId: string | undefined;
  readonly publicIpType: "static" | "dynamic" | "none";
  readonly autoShutdownEnabled: boolean;
  readonly autoShutdownTimeout: number | null;
  readonly autoShutdownForce: boolean | null;
  readonly autoSnapshotEnabled: boolean;
  readonly autoSnapshotFrequency: string | null;
  readonly autoSnapshotSaveCount: number | null;
  readonly restorePointEnabled: boolean;
  readonly restorePointFrequency: string | null;
  readonly restorePointSnapshotId: string | null;
}

/** A startup script that was a machine's for a while. */
export interface Assignment {
  readonly script: StartupScript;
  readonly from: number;
  readonly until: number | undefined;
}

/** What a machine costs from a moment on, in US dollars per hour. */
export interface RateChange {
  readonly from: number;
  readonly usageRate: number;
  readonly diskSizeGb: number;
}

/** A dynamic address, held from a moment until the machine goes down. */
export interface Lease {
  readonly ip: string;
  readonly from: number;
}

/** A simulated machine. */
export interface Machine {
  readonly id: string;
  readonly region: SimRegion;
  readonly agentType: string;
  readonly operatingSystemLabel: string;
  readonly privateIp: string;
  readonly createdAt: number;
  readonly listedAt: number;
  /** Whether the vendor mailed a login password to the key's user. */
  readonly emailsPassword: boolean;
  type: SimMachineType;
  settings: MachineSettings;
  modifiedAt: number;
  phases: readonly Phase[];
  events: readonly MachineEvent[];
  assignments: readonly Assignment[];
  rates: readonly RateChange[];
  leases: readonly Lease[];
  /** Whether a place in the stock is its own. */
  holdsCapacity: boolean;
  /** When its deletion was accepted. */
  deletedAt: number | undefined;
  /** When it can no longer be looked up. */
  goneAt: number | undefined;
}

/** The state at a moment, deletions aside. */
export function stateAt({ phases }: Machine, now: number): MachineState {
  return phases.findLast(({ at }) => at <= now)?.state ?? "provisioning";
}

/** Whether the operating system runs. */
export function isOn(machine: Machine, now: number): boolean {
  return machine.deletedAt === undefined && runs(stateAt(machine, now));
}

/** Whether nothing is left of it. */
export function isGone({ goneAt }: Machine, now: number): boolean {
  return goneAt !== undefined && goneAt <= now;
}

/** The moments at which the operating system came up, so far. */
export function bootsUntil({ phases }: Machine, now: number): number[] {
  return phases.filter(({ at, state }, index) => {
    const before = phases[index - 1]?.state;
    return at <= now && runs(state) && (before === undefined || !runs(before));
  }).map(({ at }) => at);
}

/** The script that is a machine's at a moment. */
export function assignedScript({ assignments }: Machine, now: number): StartupScript | undefined {
  return assignments.findLast(({ from, until }) =>
    from <= now && (until === undefined || now < until)
  )?.script;
}

/**
 * The text that the metadata service handed out at the last boot: a run-once script only at its first.
 */
export function servedScript(machine: Machine, now: number): string | undefined {
  const boots = bootsUntil(machine, now);
  const last = boots.at(-1);
  if (last === undefined) return undefined;
  const assignment = machine.assignments.findLast(({ from, until }) =>
    from <= last && (until === undefined || last < until)
  );
  if (assignment === undefined || !assignment.script.isEnabled) return undefined;
  const first = boots.find((at) => at >= assignment.from);
  return assignment.script.isRunOnce && first !== last ? undefined : assignment.script.text;
}

/** The dynamic address at a moment. */
export function dynamicIpAt(machine: Machine, now: number): string | undefined {
  const lease = machine.leases.findLast(({ from }) => from <= now);
  if (lease === undefined || now >= leaseEnd(machine, lease)) return undefined;
  return lease.ip;
}

/** When a machine loses an address, as far as is known: it goes down, or gets another. */
export function leaseEnd({ phases, leases, deletedAt = Infinity }: Machine, lease: Lease): number {
  const down = phases.find(({ at, state }) => at > lease.from && lost.has(state))?.at ?? Infinity;
  const next = leases.find(({ from }) => from > lease.from)?.from ?? Infinity;
  return Math.min(down, next, deletedAt);
}

const lost: ReadonlySet<MachineState> = new Set(["off", "starting", "restarting", "upgrading"]);

function runs(state: MachineState): boolean {
  return state === "serviceready" || state === "ready";
}
