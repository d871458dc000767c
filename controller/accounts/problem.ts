/**
 * What a failed call means for its account.
 *
 * @module
 */

import { CircuitOpenError } from "../../providers/circuit_breaker.ts";
import { ProviderError } from "../../providers/errors.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { Problem } from "./account.ts";

/**
 * The problem in a condition's words. Never carries a credential: `ProviderError` does not.
 *
 * A request that is refused as invalid says that the class asks for something that the account does not
 * have, or the cloud not take; but a redirect does not come from the cloud at all.
 */
export function toProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  return { reason: reasonOf(error), message };
}

function reasonOf(error: unknown): string {
  const { kind, status = 400 } = error instanceof ProviderError ? error : { kind: undefined };
  switch (kind) {
    case "unauthorized":
      return reasons.credentialsRejected;
    case "billing":
      return reasons.accountBlocked;
    case "invalid_request":
      return status < 400 ? reasons.providerUnreachable : reasons.providerMisconfigured;
    default:
      return reasons.providerUnreachable;
  }
}

/**
 * Whether a call was not even tried, because the last ones all failed. It says nothing that those did
 * not say, and texts that change with it would change for as long as an outage lasts.
 */
export function isHeldBack(error: unknown): boolean {
  return error instanceof ProviderError && error.cause instanceof CircuitOpenError;
}
