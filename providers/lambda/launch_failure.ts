/**
 * What became of a launch that did not simply succeed.
 *
 * @module
 */

import type { LaunchOutcome } from "../contract.ts";
import { ProviderError } from "../errors.ts";
import { explainNetworkFailure } from "../network_failure.ts";
import { SendDeadlinePassedError } from "./client.ts";
import { toLaunchOutcome } from "./errors.ts";

/**
 * The outcome of a launch that threw.
 *
 * @param sent Whether the request was handed to the network.
 * @param signal The caller's.
 */
export function explainFailedLaunch(
  error: unknown,
  sent: boolean,
  signal: AbortSignal,
): LaunchOutcome {
  const cause = error instanceof ProviderError ? error.cause : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (cause instanceof SendDeadlinePassedError) {
    return { kind: "notSent", message: "Not sent: its time to be sent had passed" };
  }
  if (!sent) {
    return {
      kind: "notSent",
      message: signal.aborted ? "Not sent: cancelled before" : message,
    };
  }
  if (signal.aborted) {
    return { kind: "unknown", message: "Cancelled while the order was under way" };
  }
  if (!(error instanceof ProviderError)) return { kind: "unknown", message };
  if (error.status === undefined && explainNetworkFailure(cause).unsent) {
    return { kind: "notSent", message };
  }
  return toLaunchOutcome(error);
}
