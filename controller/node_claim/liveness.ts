/**
 * The time limits of a boot. Every wait has one; past it the claim ends and capacity is sought afresh.
 *
 * Pure. Each clock starts with the step before: launch with the order, registration with the running
 * machine, initialization with the registered node. Eight-GPU machines take long to boot, so the
 * limits depend on the cloud and the size.
 *
 * @module
 */

import type { BootTimeouts } from "../../providers/contract.ts";
import { parseTime, reasons } from "../../schemas/conditions.ts";
import { type DurationMs, formatDuration } from "../../schemas/duration.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import { stepTime } from "./claim_state.ts";

/** `running`: next look at `untilMs`. `expired`: the claim ends. `none`: nothing is timed. */
export type Liveness =
  | { readonly kind: "none" }
  | { readonly kind: "running"; readonly untilMs: number }
  | { readonly kind: "expired"; readonly end: NonNullable<NodeClaimStatus["end"]> };

/** Judges the boot of a launched claim. */
export function decideLiveness(claim: GPUNodeClaim, timeouts: BootTimeouts, now: number): Liveness {
  if (stepTime(claim, "Initialized") !== undefined) return { kind: "none" };
  const registered = stepTime(claim, "Registered");
  if (registered !== undefined) {
    return judge(registered, timeouts.initialization, now, {
      reason: reasons.initializationTimeout,
      what: "The node was not usable",
      hint: lastCondition(claim, "Initialized"),
    });
  }
  const running = stepTime(claim, "Running");
  if (running !== undefined) {
    return judge(running, timeouts.registration, now, {
      reason: reasons.registrationTimeout,
      what: "The machine did not join",
      hint: lastCondition(claim, "Registered") +
        "; check that it can reach the API server endpoint of the class's bootstrap",
    });
  }
  const ordered = stepTime(claim, "Ordered") ?? parseTime(claim.status?.launch?.intentTime ?? "");
  return judge(ordered, timeouts.launch, now, {
    reason: reasons.launchTimeout,
    what: "The machine did not start",
    hint: `the cloud says "${claim.status?.instanceState ?? "nothing"}"`,
  });
}

function judge(
  startedAt: number,
  limit: DurationMs,
  now: number,
  words: { readonly reason: string; readonly what: string; readonly hint: string },
): Liveness {
  const untilMs = startedAt + limit;
  if (now < untilMs) return { kind: "running", untilMs };
  const message = `${words.what} within ${formatDuration(limit)}: ${words.hint}`;
  return { kind: "expired", end: { reason: words.reason, message } };
}

function lastCondition(claim: GPUNodeClaim, type: string): string {
  return claim.status?.conditions?.find((condition) => condition.type === type)?.message ??
    "nothing was seen of it";
}
