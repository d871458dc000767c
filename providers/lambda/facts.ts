/**
 * What Lambda documents about itself, and what clients have found.
 *
 * @module
 */

import { minutes, seconds } from "../../schemas/duration.ts";
import type { BootTimeouts, ProviderInfo, RateLimits } from "../contract.ts";
import { maxUserDataBytes } from "./map.ts";

/** The vendor's address. The old host `cloud.lambdalabs.com` is deprecated. */
export const lambdaUrl = "https://cloud.lambda.ai/api/v1";

/**
 * Wall time per attempt in milliseconds. Reads answer in well under a second; terminate has been seen
 * to stall with the control plane, so it is cut short and looked up; a launch takes seconds, and giving
 * up early turns it into an unknown.
 */
export const lambdaTimeouts = Object.freeze({ read: 20_000, terminate: 20_000, launch: 60_000 });

/**
 * Documented limits (reference 1.10.0, read 2026-11-23): about one request a second, one launch in
 * 12 seconds. The margins keep two requests apart on the vendor's side when the network delivers the
 * first one late and the second one early.
 */
export const lambdaLimits: RateLimits & {
  /** Milliseconds between two requests. */
  readonly requestIntervalMs: number;
  /** Milliseconds between two launches. */
  readonly launchIntervalMs: number;
} = Object.freeze({
  requestsPerSecond: 1,
  launchesPerMinute: 5,
  requestIntervalMs: 1_050,
  launchIntervalMs: 12_500,
});

/**
 * How long an order may stay invisible in lists. Undocumented; clients look for a few minutes before
 * they believe that nothing happened.
 */
const settle = minutes(3);

/** Time limits per boot: one GPU is up in 3 to 5 minutes, eight in 10 to 25 (documentation, clients). */
export const lambdaBootTimeouts: {
  readonly single: BootTimeouts;
  readonly multiple: BootTimeouts;
} = Object.freeze({
  single: { launch: minutes(15), registration: minutes(15), initialization: minutes(15) },
  multiple: { launch: minutes(30), registration: minutes(15), initialization: minutes(20) },
});

/** Fixed facts about Lambda. */
export const lambdaInfo: ProviderInfo = Object.freeze<ProviderInfo>({
  provider: "lambda",
  displayName: "Lambda",
  joinsAs: "node",
  capacityTypes: ["on-demand"],
  canStop: false,
  hasTags: true,
  acceptsUserData: true,
  userDataFormat: "cloud-config",
  maxUserDataBytes,
  billingStarts: "running",
  // A machine shows its type's row of the price list.
  instancePrices: "listed",
  settle,
  callTimeout: seconds(lambdaTimeouts.launch / 1000),
});
