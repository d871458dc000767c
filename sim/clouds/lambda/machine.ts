/**
 * One simulated machine: its life as a function of time, and what it costs.
 *
 * ```
 * launched ─► booting (no ip) ─► booting (ip) ─► active ──► terminating ─► terminated
 *                    │                            │  ▲           ▲
 *                    └──────► unhealthy ◄─────────┘  └───────────┘ from any state
 * ```
 *
 * Nothing ticks: moments are fixed when they become certain, and every state follows from them.
 *
 * @module
 */

import { costUsd, usdFromCents } from "../../../schemas/money.ts";
import type { BillLine } from "../simulated_cloud.ts";
import type { SimInstanceType } from "./catalog.ts";

/** The vendor's words. */
export type MachineState =
  | "booting"
  | "active"
  | "unhealthy"
  | "terminating"
  | "terminated"
  | "preempted";

/** A simulated machine. Moments are epoch milliseconds; absent ones will not come, as far as is known. */
export interface Machine {
  readonly id: string;
  readonly name: string | undefined;
  readonly hostname: string | undefined;
  readonly type: SimInstanceType;
  readonly region: string;
  readonly sshKeyNames: readonly string[];
  readonly filesystemNames: readonly string[];
  readonly tags: readonly { readonly key: string; readonly value: string }[] | undefined;
  /** What cloud-init gets. The API never returns it. */
  readonly userData: string | undefined;
  readonly ip: string;
  readonly privateIp: string;
  readonly jupyterToken: string;
  readonly launchedAt: number;
  readonly addressAt: number;
  readonly listedAt: number;
  activeAt: number | undefined;
  unhealthyAt: number | undefined;
  terminatingAt: number | undefined;
  terminatedAt: number | undefined;
  preempted: boolean;
}

const minuteMs = 60_000;

/** The state at a moment. */
export function stateAt(machine: Machine, now: number): MachineState {
  const reached = (moment: number | undefined) => moment !== undefined && moment <= now;
  if (reached(machine.terminatedAt)) return machine.preempted ? "preempted" : "terminated";
  if (reached(machine.terminatingAt)) return "terminating";
  if (reached(machine.unhealthyAt)) return "unhealthy";
  if (reached(machine.activeAt)) return "active";
  return "booting";
}

/** How a machine ends: the vendor takes it away at once, or it was asked for and takes its time, or for ever. */
export type MachineEnd = "preempted" | "never" | { readonly afterMs: number };

/** A machine is being ended from now on. */
export function endMachine(machine: Machine, now: number, how: MachineEnd): void {
  machine.terminatingAt = now;
  machine.preempted = how === "preempted";
  // What had not happened by now will not happen.
  if ((machine.activeAt ?? 0) > now) machine.activeAt = undefined;
  if ((machine.unhealthyAt ?? 0) > now) machine.unhealthyAt = undefined;
  if (how === "preempted") machine.terminatedAt = now;
  else if (how !== "never") machine.terminatedAt = now + how.afterMs;
}

/**
 * The bill at a moment.
 *
 * The vendor documents: per minute, by the listed hourly price; from when the machine passes its health
 * checks until it is ended. (An older text says from when it starts booting; the newer one is taken.)
 * Taken where nothing is written: started minutes count whole, the price is that of the launch, and a
 * machine that fails its checks bills from then on, since unhealthy machines are documented to bill.
 */
export function toBillLine(machine: Machine, now: number): BillLine {
  const { terminatingAt } = machine;
  const end = terminatingAt !== undefined && terminatingAt <= now ? terminatingAt : undefined;
  const checkedAt = Math.min(machine.activeAt ?? Infinity, machine.unhealthyAt ?? Infinity);
  const start = checkedAt <= (end ?? now) ? checkedAt : undefined;
  const pricePerHour = usdFromCents(machine.type.price_cents_per_hour);
  const durationMs = start === undefined ? 0 : (end ?? now) - start;
  return {
    id: machine.id,
    name: machine.name,
    instanceType: machine.type.name,
    region: machine.region,
    start,
    end,
    pricePerHour,
    billedMs: Math.ceil(durationMs / minuteMs) * minuteMs,
    amount: costUsd(pricePerHour, durationMs, minuteMs),
  };
}
