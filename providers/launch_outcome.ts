/**
 * What became of an order that did not simply succeed: the one place that decides whether a machine
 * may exist.
 *
 * @module
 */

import type { LaunchOutcome, LaunchPermit, LaunchRequest } from "./contract.ts";
import { ProviderError, type ProviderErrorKind } from "./errors.ts";
import { type LaunchSending, SendDeadlinePassedError } from "./http/launch_sending.ts";
import { LaunchTicket } from "./launch_ticket.ts";
import { explainNetworkFailure } from "./network_failure.ts";
import { createRedact, type Redact } from "./redact.ts";

/** Outcome of a launch by kind, for refusals that are definite. */
export const launchOutcomeKinds: Readonly<
  Record<ProviderErrorKind, Exclude<LaunchOutcome["kind"], "launched" | "notSent">>
> = Object.freeze({
  billing: "billing",
  rate_limit: "rateLimited",
  availability: "outOfCapacity",
  quota: "quotaExceeded",
  unauthorized: "unauthorized",
  not_found: "rejected",
  invalid_request: "rejected",
  retired: "rejected",
  conflict: "unknown",
  transient: "unknown",
  // A code that is not in the vendor's table is still the API's own word that it refused.
  unknown: "rejected",
});

/** One order on its way. */
export interface LaunchAttempt {
  readonly request: LaunchRequest;
  readonly permit: LaunchPermit;
  readonly apiKey: string;
  readonly signal: AbortSignal;
  /** Whether a failed answer is the vendor's own word that nothing was rented. */
  readonly isDefinite: (error: ProviderError) => boolean;
  /**
   * Sends the order, once.
   *
   * @throws Whatever went wrong.
   */
  readonly send: (sending: LaunchSending) => Promise<LaunchOutcome>;
}

/**
 * Runs an order and says what became of it; never throws for anything that a vendor or a network does.
 */
export async function runLaunch(attempt: LaunchAttempt): Promise<LaunchOutcome> {
  const { request, permit, signal, isDefinite } = attempt;
  if (!(permit instanceof LaunchTicket) || !permit.held) {
    return { kind: "notSent", message: "The launch permit was used or released before" };
  }
  const redact = createRedact([attempt.apiKey, ...secretsOf(request)]);
  let sent = false;
  try {
    const outcome = await attempt.send({
      ticket: permit,
      sendBefore: request.sendBefore,
      onSend: () => {
        sent = true;
      },
      redact,
    });
    return redactMessage(outcome, redact);
  } catch (error) {
    return redactMessage(explainFailedLaunch(error, { sent, signal, isDefinite }), redact);
  } finally {
    permit.release();
  }
}

/** The outcome of an order that threw. */
export function explainFailedLaunch(
  error: unknown,
  { sent, signal, isDefinite }:
    & { readonly sent: boolean }
    & Pick<
      LaunchAttempt,
      "signal" | "isDefinite"
    >,
): LaunchOutcome {
  const cause = error instanceof ProviderError ? error.cause : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (cause instanceof SendDeadlinePassedError) {
    return { kind: "notSent", message: "Not sent: its time to be sent had passed" };
  }
  if (!sent) return explainUnsent(error, message, signal);
  if (signal.aborted) {
    return { kind: "unknown", message: "Cancelled while the order was under way" };
  }
  if (!(error instanceof ProviderError)) return { kind: "unknown", message };
  if (error.status === undefined && explainNetworkFailure(cause).unsent) {
    return { kind: "notSent", message };
  }
  return isDefinite(error) ? toRefusal(error) : { kind: "unknown", message };
}

/** What went wrong before the order itself, such as a refused preparation, says what kind it is. */
function explainUnsent(error: unknown, message: string, signal: AbortSignal): LaunchOutcome {
  if (signal.aborted) return { kind: "notSent", message: "Not sent: cancelled before" };
  const refused = error instanceof ProviderError && error.status !== undefined &&
    launchOutcomeKinds[error.kind] !== "unknown";
  return refused ? toRefusal(error) : { kind: "notSent", message };
}

function toRefusal(error: ProviderError): LaunchOutcome {
  const kind = launchOutcomeKinds[error.kind];
  return kind === "rateLimited"
    ? { kind, message: error.message, retryAfterMs: error.retryAfterMs }
    : { kind, message: error.message };
}

function redactMessage(outcome: LaunchOutcome, redact: Redact): LaunchOutcome {
  return outcome.kind === "launched" ? outcome : { ...outcome, message: redact(outcome.message) };
}

/** User data holds the join token; a container's environment and arguments may hold anything. */
function secretsOf({ workload }: LaunchRequest): readonly string[] {
  return workload.kind === "machine"
    ? [workload.userData]
    : [...Object.values(workload.env), ...workload.args].filter((value) => value.length >= 8);
}
