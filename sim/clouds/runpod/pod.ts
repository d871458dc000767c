/**
 * One simulated pod: its life as a function of time, and what it costs.
 *
 * ```
 * create ─► provisioning ─► starting ─► running ─► exited ◄─► (start again)
 *                                │                   │
 *                                └──► exited, error  └─► terminated ─► forgotten
 * ```
 *
 * Moments are fixed when they become certain, and every state follows from them. Each stretch between a
 * start and a stop is a {@linkcode Run}.
 *
 * @module
 */

import {
  costUsd,
  divideUsd,
  type MicroUsd,
  multiplyUsd,
  sumUsd,
  usdFromCents,
  zeroUsd,
} from "../../../schemas/money.ts";
import type { BillLine } from "../simulated_cloud.ts";
import type { Placement } from "./market.ts";
import type { PodOrder } from "./order.ts";

/** REST's words. */
export type PodState =
  | "PROVISIONING"
  | "STARTING"
  | "RUNNING"
  | "EXITED"
  | "ERROR"
  | "TERMINATED";

/** Why a pod is as it is; the first words of GraphQL's `lastStatusChange`. */
export type Cause =
  | "Rented by User"
  | "Resumed by user"
  | "Exited by user"
  | "Exited by Runpod"
  | "Exited by RunPod: Insufficient balance"
  | "Outbid"
  | "Terminated by user"
  | "Terminated by RunPod";

/** From one start to the next stop. Moments are epoch milliseconds; absent ones will not come. */
export interface Run {
  readonly startedAt: number;
  readonly provisionedAt: number;
  readonly containerAt: number | undefined;
  readonly portsAt: number | undefined;
  /** When it fails by itself. */
  readonly failsAt: number | undefined;
  readonly crashLoopMs: number | undefined;
  /** Public port of the first mapping; the others follow. */
  readonly firstPort: number;
  endedAt: number | undefined;
}

/** A simulated pod. */
export interface Pod {
  readonly id: string;
  readonly machineId: string;
  /** User part of the SSH proxy's address. */
  readonly hostId: string;
  readonly order: PodOrder;
  readonly placement: Placement;
  /** With the keys that the vendor adds. */
  readonly env: Readonly<Record<string, string>>;
  readonly costPerHour: MicroUsd;
  readonly publicIp: string;
  readonly privateIp: string;
  readonly gpuIds: readonly string[];
  readonly createdAt: number;
  readonly listedAt: number;
  /** What a pod that failed by itself is. */
  readonly failsAs: "EXITED" | "ERROR";
  readonly runs: [Run, ...Run[]];
  change: { readonly cause: Cause; readonly at: number };
  terminatedAt: number | undefined;
  /** When it is no longer shown. */
  forgottenAt: number | undefined;
}

const secondMs = 1_000;

/** Months of 730 hours, as price pages of clouds count. */
const hoursPerMonth = 730;

/** Per GB and month: container disk and volume of a running pod, volume of a stopped one. */
const diskRates = Object.freeze({ running: usdFromCents(10), stopped: usdFromCents(20) });

/** The run that goes on or was the last. */
export function lastRun(pod: Pod): Run {
  return pod.runs[pod.runs.length - 1] ?? pod.runs[0];
}

/** Whether a pod is on, so that its GPUs are taken and billed. */
export function isOn(pod: Pod): boolean {
  return lastRun(pod).endedAt === undefined;
}

/** The state at a moment. */
export function stateAt(pod: Pod, now: number): PodState {
  const run = lastRun(pod);
  if (pod.terminatedAt !== undefined) return "TERMINATED";
  if (run.endedAt !== undefined) {
    return pod.change.cause === "Exited by Runpod" ? pod.failsAs : "EXITED";
  }
  if (now < run.provisionedAt) return "PROVISIONING";
  if (run.containerAt === undefined || now < run.containerAt) return "STARTING";
  return "RUNNING";
}

/** Seconds since the container last started; `undefined` where none runs. */
export function uptimeSecondsAt(pod: Pod, now: number): number | undefined {
  const { containerAt, crashLoopMs } = lastRun(pod);
  if (containerAt === undefined || now < containerAt) return undefined;
  const upMs = now - containerAt;
  return Math.floor((crashLoopMs === undefined ? upMs : upMs % crashLoopMs) / secondMs);
}

/** What a pod costs per hour while it runs, disks included. */
export function runningRate(pod: Pod): MicroUsd {
  const { containerDiskGb, volumeGb } = pod.order;
  return sumUsd([pod.costPerHour, diskRate(containerDiskGb + volumeGb, diskRates.running)]);
}

/** What a stopped pod costs per hour: its volume. */
export function stoppedRate(pod: Pod): MicroUsd {
  return diskRate(pod.order.volumeGb, diskRates.stopped);
}

/** What a pod costs per hour just now. */
export function rateOf(pod: Pod): MicroUsd {
  if (isOn(pod)) return runningRate(pod);
  return pod.terminatedAt === undefined ? stoppedRate(pod) : zeroUsd;
}

/**
 * The bill at a moment.
 *
 * The vendor documents: per second while running; container disk and volume 0.10 USD per GB-month
 * running, volume 0.20 USD per GB-month stopped. Taken where nothing is written: billing starts when
 * the order is accepted, the price is that of the order, started seconds count whole.
 */
export function toBillLine(pod: Pod, now: number): BillLine {
  const stretches = stretchesOf(pod, now);
  const hasVolume = pod.order.volumeGb > 0;
  const stoppedAt = lastRun(pod).endedAt;
  return {
    id: pod.id,
    name: pod.order.name,
    instanceType: `${pod.order.gpuCount}x ${pod.order.gpuTypeId}`,
    region: pod.placement.place,
    start: pod.createdAt,
    end: pod.terminatedAt ?? (hasVolume ? undefined : stoppedAt),
    pricePerHour: runningRate(pod),
    billedMs: stretches.reduce(
      (sum, { durationMs, rate }) =>
        rate === 0 ? sum : sum + Math.ceil(durationMs / secondMs) * secondMs,
      0,
    ),
    amount: sumUsd(stretches.map(({ durationMs, rate }) => costUsd(rate, durationMs, secondMs))),
  };
}

/** Times at one rate, running and stopped in turn. */
function stretchesOf(pod: Pod, now: number): { durationMs: number; rate: MicroUsd }[] {
  return pod.runs.flatMap(({ startedAt, endedAt }, index) => {
    const running = { durationMs: (endedAt ?? now) - startedAt, rate: runningRate(pod) };
    if (endedAt === undefined) return [running];
    const until = pod.runs[index + 1]?.startedAt ?? pod.terminatedAt ?? now;
    return [running, { durationMs: until - endedAt, rate: stoppedRate(pod) }];
  });
}

function diskRate(gb: number, perGbMonth: MicroUsd): MicroUsd {
  return divideUsd(multiplyUsd(perGbMonth, gb), hoursPerMonth);
}
