/**
 * Whether a machine that is off will never run: the vendor takes orders long before it knows whether there
 * is capacity, and tells so only by the event of the machine's start.
 *
 * ```
 * order ─► provisioning ─(create done)─► off ─► starting ─► ready
 *                                         ▲        │
 *                                         └────────┘ start event in error: no capacity
 * ```
 *
 * @module
 */

import type { BootFailure } from "../contract.ts";
import { capacityText } from "./errors.ts";
import type { WireMachineEvent } from "./wire.ts";

/**
 * How long an event that failed without a word may be harmless: such events have been seen on machines
 * that came up all the same, so the machine's state has to say so for that long (clients wait one to two
 * minutes).
 */
export const wordlessPatienceMs = 120_000;

/** What the events of a machine that is off say. */
export type BootVerdict =
  /** It will not run. */
  | { readonly kind: "failed"; readonly failure: BootFailure }
  /** It ran, or nothing went wrong: it was stopped. */
  | { readonly kind: "stopped" }
  /** Not yet known: something is under way, or failed without a word a moment ago. */
  | { readonly kind: "undecided" };

/**
 * Judges a machine that is off by its events.
 *
 * @param events In any order.
 * @param now Epoch milliseconds.
 */
export function decideBootFailure(
  events: readonly WireMachineEvent[],
  now: number,
): BootVerdict {
  const newest = (name: string) =>
    events.filter((event) => event.name === name)
      .reduce<WireMachineEvent | undefined>(
        (last, event) =>
          last === undefined || (event.dtCreated ?? 0) >= (last.dtCreated ?? 0) ? event : last,
        undefined,
      );
  const event = newest("start") ?? newest("create");
  switch (event?.state) {
    case "error":
    case "cancelled":
      return judgeFailed(event, now);
    case "done":
      // Created and about to be started, or started and stopped again.
      return event.name === "start" ? { kind: "stopped" } : { kind: "undecided" };
    default:
      return { kind: "undecided" };
  }
}

function judgeFailed(event: WireMachineEvent, now: number): BootVerdict {
  const words = event.error?.trim() ?? "";
  if (words !== "") {
    const kind = capacityText.test(words) ? "availability" : "unknown";
    return { kind: "failed", failure: { kind, message: words } };
  }
  // Without a time it cannot be waited for.
  const endedAt = event.dtFinished ?? event.dtCreated ?? -Infinity;
  if (now - endedAt < wordlessPatienceMs) return { kind: "undecided" };
  const outcome = event.state === "error" ? "failed" : "was cancelled";
  return {
    kind: "failed",
    failure: {
      kind: "unknown",
      message: `its ${event.name} ${outcome}, the vendor gives no reason`,
    },
  };
}
