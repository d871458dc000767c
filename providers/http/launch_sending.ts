/**
 * How the one request that spends money is sent.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { LaunchTicket } from "../launch_ticket.ts";
import type { Fetch } from "../provider_deps.ts";
import type { Redact } from "../redact.ts";

/** How a launch is sent. */
export interface LaunchSending {
  readonly ticket: LaunchTicket;
  /** Epoch milliseconds. */
  readonly sendBefore: number;
  /** Told right before the request is handed to the network. */
  readonly onSend: () => void;
  /**
   * Hides what the order carries, too. A refusal may quote it, and that has to go before the quote is cut,
   * and before an open breaker shows it to other orders.
   */
  readonly redact: Redact;
}

/** Thrown in place of sending a launch too late. Nothing was sent. */
export class SendDeadlinePassedError extends Error {
  override name = "SendDeadlinePassedError";
}

/** A `fetch` for the launch alone: looks once more whether it may still be sent, and says when it is. */
export function createLaunchFetch(
  { fetch, clock }: { readonly fetch: Fetch; readonly clock: Clock },
  sending: LaunchSending,
  signal: AbortSignal,
): Fetch {
  return (request) => {
    signal.throwIfAborted();
    if (clock.now() >= sending.sendBefore) throw new SendDeadlinePassedError();
    sending.onSend();
    return fetch(request);
  };
}

/**
 * JSON as a stream. Deno's `fetch` sends a POST a second time, by itself, when a kept-alive connection
 * breaks after the first was delivered (2.9.6, measured 2026-11-24): a second machine. It cannot repeat
 * a stream.
 */
export function toUnrepeatableBody(body: unknown): ReadableStream<Uint8Array> {
  return toUnrepeatableText(JSON.stringify(body));
}

/** A text as a stream, for the reason of {@linkcode toUnrepeatableBody}. */
export function toUnrepeatableText(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}
