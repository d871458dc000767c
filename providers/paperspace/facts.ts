/**
 * What Paperspace documents about itself, and what clients have found.
 *
 * @module
 */

import { minutes, seconds } from "../../schemas/duration.ts";
import type { BootTimeouts, ProviderInfo, RateLimits } from "../contract.ts";

/** The vendor's address. The hosts of before July 2024 (`api.paperspace.io`) are gone. */
export const paperspaceUrl = "https://api.paperspace.com/v1";

/** Environment variable that replaces scheme and host of {@linkcode paperspaceUrl}. */
export const paperspaceUrlVariable = "TGP_PAPERSPACE_URL";

/**
 * Wall time per attempt in milliseconds. No times are published; clients wait up to a minute for a
 * create, and giving up early turns it into an unknown.
 */
export const paperspaceTimeouts = Object.freeze({ read: 20_000, change: 20_000, launch: 60_000 });

/**
 * The vendor publishes no number (read 2026-11-24); it only asks to back off when told. Two requests a
 * second lets a launch, which takes up to five of them, leave within seconds, and is a fifth of what
 * third parties guess; one launch in five seconds matches it. The margins keep two requests apart on the
 * vendor's side when the network delivers the first one late and the second one early.
 */
export const paperspaceLimits: RateLimits & {
  /** Milliseconds between two requests. */
  readonly requestIntervalMs: number;
  /** Milliseconds between two launches. */
  readonly launchIntervalMs: number;
} = Object.freeze({
  requestsPerSecond: 2,
  launchesPerMinute: 12,
  requestIntervalMs: 525,
  launchIntervalMs: 5_100,
});

/**
 * How long an order may stay invisible in lists. Undocumented; clients look for about a minute, and
 * erring long only keeps a claim that came to nothing a little longer.
 */
const settle = minutes(3);

/**
 * Most user data that is taken, in bytes. The API of before 2024 said 16 KB, v1 says nothing; this is
 * below both readings of it.
 */
export const maxUserDataBytes = 16_000;

/**
 * Time limits per boot. More than 10 minutes of provisioning is a case for the vendor's support, and
 * happens; clients wait 8 to 30 minutes, longest for eight GPUs.
 */
export const paperspaceBootTimeouts: {
  readonly single: BootTimeouts;
  readonly multiple: BootTimeouts;
} = Object.freeze({
  single: { launch: minutes(15), registration: minutes(20), initialization: minutes(10) },
  multiple: { launch: minutes(30), registration: minutes(20), initialization: minutes(15) },
});

/** Fixed facts about Paperspace. */
export const paperspaceInfo: ProviderInfo = Object.freeze<ProviderInfo>({
  provider: "paperspace",
  displayName: "Paperspace",
  joinsAs: "node",
  capacityTypes: ["on-demand"],
  // Stopping does not end the bill: by the pricing page of 2025-11-14 a machine that is off is billed,
  // because its capacity stays reserved.
  canStop: false,
  hasTags: false,
  acceptsUserData: true,
  // A startup script, piped to a root shell at the first boot.
  userDataFormat: "script",
  maxUserDataBytes,
  // "From create to destroy", off or not: the same page.
  billingStarts: "accepted",
  // Whether its rates have the team's own terms in them is not said; what is booked errs on the dear side.
  instancePrices: "billed",
  settle,
  callTimeout: seconds(paperspaceTimeouts.launch / 1000),
});
