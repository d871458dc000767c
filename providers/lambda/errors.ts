/**
 * What Lambda's refusals mean. The only place that knows its error codes.
 *
 * From the vendor's reference 1.10.0 and from answers that clients have met, read 2026-11-23.
 *
 * @module
 */

import type { LaunchOutcome } from "../contract.ts";
import { ProviderError, type ProviderErrorKind } from "../errors.ts";
import type { Redact } from "../redact.ts";
import { parseRetryAfterMs } from "../retry_after.ts";
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

/** Outcome of a launch by kind, for refusals that are definite. */
export const lambdaLaunchOutcomes: Readonly<
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
  // A code that is not in the table is still the API's own word that it refused.
  unknown: "rejected",
});

/** An answer that is not a success. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The decoded body, or its text if it is not JSON. */
  readonly body: unknown;
}

/** Who failed at what. */
export interface FailureContext {
  readonly account: string;
  readonly operation: string;
  /** Completes "Cannot …". */
  readonly action: string;
  readonly redact: Redact;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The {@linkcode ProviderError} of an answer that is not a success. */
export function toLambdaError(answer: FailedAnswer, context: FailureContext): ProviderError {
  const envelope = errorEnvelopeSchema.safeParse(answer.body);
  const error = envelope.success ? envelope.data.error : undefined;
  const words = envelope.success ? describeEnvelope(envelope.data) : describeText(answer);
  const kind = classify(answer, error?.code);
  const code = error === undefined ? "" : ` "${context.redact(error.code)}"`;
  const message = context.redact(words);
  return new ProviderError(
    `Cannot ${context.action}: Lambda answered ${answer.status}${code}${
      message ? `: ${message}` : ""
    }`,
    {
      kind,
      account: context.account,
      operation: context.operation,
      status: answer.status,
      code: error && context.redact(error.code),
      requestId: error?.request_id && context.redact(error.request_id),
      retryAfterMs: parseRetryAfterMs(answer.headers.get("retry-after"), context.now),
    },
  );
}

/** Code first, then what the network in front writes, then the status. */
function classify(answer: FailedAnswer, code: string | undefined): ProviderErrorKind {
  if (answer.status === 429) return "rate_limit";
  if (code !== undefined) {
    const known = lambdaErrorKinds[code];
    if (known !== undefined) return known;
    if (code.startsWith(transientPrefix)) return "transient";
  }
  if (throttleText.test(toText(answer.body))) return "rate_limit";
  return classifyStatus(answer.status);
}

function classifyStatus(status: number): ProviderErrorKind {
  switch (status) {
    case 401:
    case 403:
      return "unauthorized";
    case 402:
      return "billing";
    case 404:
      return "not_found";
    case 408:
    case 409:
      return "transient";
    default:
      if (status >= 500) return "transient";
      // A redirect is refused, not followed: the key would go to somebody else.
      if (status >= 300 && status < 400) return "invalid_request";
      return "unknown";
  }
}

/**
 * What a failed launch means. Definite, so that the next offer may be tried at once, only if the API
 * itself said so with a code, below 500; or if the request was throttled. All else may have happened.
 */
export function toLaunchOutcome(error: ProviderError): LaunchOutcome {
  const status = error.status ?? 599;
  const definite = status < 500 && (error.code !== undefined || error.kind === "rate_limit");
  const kind = definite ? lambdaLaunchOutcomes[error.kind] : "unknown";
  return kind === "rateLimited"
    ? { kind, message: error.message, retryAfterMs: error.retryAfterMs }
    : { kind, message: error.message };
}

function describeEnvelope(envelope: ReturnType<typeof errorEnvelopeSchema.parse>): string {
  const { message, suggestion } = envelope.error;
  const fields = Object.entries(envelope.field_errors ?? {})
    .map(([field, error]) => `${field}: ${error.message ?? error.code ?? "invalid"}`);
  return [message, ...fields, suggestion ?? ""].filter((part) => part !== "").join(" ");
}

function describeText(answer: FailedAnswer): string {
  if (answer.status >= 300 && answer.status < 400) {
    return "a redirect, which is not followed because the API key would go along; check the address";
  }
  // A web page's title says more than its tags.
  const text = toText(answer.body);
  return /<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? text.replace(/<[^>]*>/g, " ");
}

function toText(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body ?? "");
}
