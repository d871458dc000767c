/**
 * What Lambda's refusals mean. The only place that knows its error codes.
 *
 * From the vendor's reference 1.10.0 and from answers that clients have met, read 2026-11-23.
 *
 * @module
 */

import type { ProviderError, ProviderErrorKind } from "../errors.ts";
import {
  classifyStatus,
  type FailedAnswer,
  type FailureContext,
  toAnswerError,
  toText,
} from "../http/failed_answer.ts";
import { lookUp } from "../look_up.ts";
import { errorEnvelopeSchema } from "./wire.ts";

/** Kind by `error.code`. */
export const lambdaErrorKinds: Readonly<Record<string, ProviderErrorKind>> = Object.freeze({
  "global/invalid-api-key": "unauthorized",
  "global/forbidden": "unauthorized",
  "global/account-inactive": "billing",
  "global/invalid-address": "billing",
  "global/quota-exceeded": "quota",
  "instance-operations/launch/insufficient-capacity": "availability",
  "global/invalid-parameters": "invalid_request",
  "instance-operations/launch/file-system-in-wrong-region": "invalid_request",
  "instance-operations/launch/file-systems-not-supported": "invalid_request",
  "global/duplicate": "invalid_request",
  "filesystems/filesystem-in-use": "invalid_request",
  "firewall-rulesets/firewall-ruleset-in-use": "invalid_request",
  "ssh-keys/key-in-use": "invalid_request",
  "global/object-does-not-exist": "not_found",
  "global/not-found": "not_found",
  "global/conflict": "conflict",
  "global/internal-error": "transient",
  "global/unknown": "transient",
});

/** Codes of this area are troubles of the layer below; the set is open. */
const transientPrefix = "provider/";

/** The vendor's positive word that a machine does not exist. */
export const noSuchObject = "global/object-does-not-exist";

/**
 * A throttle without a code: the network in front of the API answers with text, as 429 or as 403.
 */
const throttleText = /error code: 1015|rate limit|too many requests/i;

/** The {@linkcode ProviderError} of an answer that is not a success. */
export function toLambdaError(answer: FailedAnswer, context: FailureContext): ProviderError {
  const envelope = errorEnvelopeSchema.safeParse(answer.body);
  const error = envelope.success ? envelope.data.error : undefined;
  return toAnswerError(answer, {
    kind: classify(answer, error?.code),
    code: error?.code,
    requestId: error?.request_id,
    words: envelope.success ? describeEnvelope(envelope.data) : undefined,
  }, context);
}

/** Code first, then what the network in front writes, then the status. */
function classify(answer: FailedAnswer, code: string | undefined): ProviderErrorKind {
  if (answer.status === 429) return "rate_limit";
  if (code !== undefined) {
    const known = lookUp(lambdaErrorKinds, code);
    if (known !== undefined) return known;
    if (code.startsWith(transientPrefix)) return "transient";
  }
  if (throttleText.test(toText(answer.body))) return "rate_limit";
  return classifyStatus(answer.status);
}

/**
 * Whether a failed launch is the API's own word, so that the next offer may be tried at once: it came
 * with a code, below 500; or the request was throttled. All else may have happened.
 */
export function isDefiniteRefusal(error: ProviderError): boolean {
  return (error.status ?? 599) < 500 && (error.code !== undefined || error.kind === "rate_limit");
}

function describeEnvelope(envelope: ReturnType<typeof errorEnvelopeSchema.parse>): string {
  const { message, suggestion } = envelope.error;
  const fields = Object.entries(envelope.field_errors ?? {})
    .map(([field, error]) => `${field}: ${error.message ?? error.code ?? "invalid"}`);
  return [message, ...fields, suggestion ?? ""].filter((part) => part !== "").join(" ");
}
