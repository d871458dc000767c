/**
 * What RunPod documents about itself, and what clients have found.
 *
 * @module
 */

import { minutes, seconds } from "../../schemas/duration.ts";
import { divideUsd, type MicroUsd, multiplyUsd, usdFromDollars } from "../../schemas/money.ts";
import type { BootTimeouts, CapacityType, ProviderInfo, RateLimits } from "../contract.ts";

/** The vendor's addresses; a replacement replaces the origin of both. */
export const runpodUrls = Object.freeze({
  rest: "https://api.runpod.io/v2",
  graphql: "https://api.runpod.io/graphql",
});

/**
 * Wall time per attempt in milliseconds. Reads answer within seconds, the whole catalog takes longer; a
 * launch takes seconds, and giving up early turns it into an unknown.
 */
export const runpodTimeouts = Object.freeze({ read: 30_000, terminate: 20_000, launch: 60_000 });

/**
 * Documented limits of REST v2 (document 2.0.0, read 2026-11-24): 60 requests a minute, 3,000 an hour,
 * 50,000 a day. One in 1.25 s after ten at once makes 58 and 2,890: a refresh, which is a handful of
 * calls, does not have to wait. GraphQL publishes no numbers and is throttled in stages until it retires,
 * so that it shares them. Launches have no limit of their own; two seconds keep one account's burst from
 * being all the vendor sees.
 */
export const runpodLimits: RateLimits & {
  /** Milliseconds between two requests, in the long run. */
  readonly requestIntervalMs: number;
  /** Requests that may follow each other at once. */
  readonly requestBurst: number;
  /** Milliseconds between two launches. */
  readonly launchIntervalMs: number;
} = Object.freeze({
  requestsPerSecond: 0.8,
  launchesPerMinute: 30,
  requestIntervalMs: 1_250,
  requestBurst: 10,
  launchIntervalMs: 2_000,
});

/**
 * Time limits per boot. An image of 10 to 20 GB takes 5 to 8 minutes to arrive; clients give up after 15
 * to 20.
 */
export const runpodBootTimeouts: BootTimeouts = Object.freeze({
  launch: minutes(20),
  registration: minutes(15),
  initialization: minutes(15),
});

/** Billed per second while running (pricing page, read 2026-11-24). */
export const runpodBillingIncrement = seconds(1);

/**
 * Disk of the pods that offers speak of, in GB; what an order asks for is its own. Large enough for the
 * usual CUDA images.
 */
export const offeredDiskGb = 50;

/** USD for a GB of container disk and a month, while it runs (pricing page, read 2026-11-24). */
const diskPerGbMonth = usdFromDollars(0.10);

/** The shortest usual month, so that estimates err on the dear side. */
const hoursPerMonth = 720;

/** What container disk costs per hour, beside the GPUs. */
export function diskPerHour(diskGb: number): MicroUsd {
  return divideUsd(multiplyUsd(diskPerGbMonth, diskGb), hoursPerMonth);
}

/**
 * What a GPU comes with where RunPod does not say: what REST v1 promised for each GPU by default
 * (`minVCPUPerGPU`, `minRAMPerGPU`; read 2026-11-24). Hosts mostly have more.
 */
export const leastPerGpu = Object.freeze({ vcpus: 2, memoryGb: 8 });

/** Why offers are shown and not bought. */
export const notJoinable =
  "RunPod rents containers, which can only join as virtual nodes, and those are not available yet";

/** Fixed facts about RunPod, as far as they do not hang on the protocol. */
export function toInfo(capacityTypes: readonly CapacityType[]): ProviderInfo {
  return Object.freeze<ProviderInfo>({
    provider: "runpod",
    displayName: "RunPod",
    joinsAs: "virtual-node",
    capacityTypes,
    canStop: true,
    hasTags: false,
    acceptsUserData: false,
    userDataFormat: "script",
    maxUserDataBytes: 0,
    billingStarts: "accepted",
    // "The rate actually billed for a pod is reported as `cost` on the pod itself" (document 2.0.0).
    instancePrices: "billed",
    // A new pod takes some seconds to show up in lists (clients); minutes cost nothing.
    settle: minutes(3),
    callTimeout: seconds(runpodTimeouts.launch / 1000),
  });
}
