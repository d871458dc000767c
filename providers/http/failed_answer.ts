/**
 * Answers that are not a success, in words for people.
 *
 * @module
 */

import { ProviderError, type ProviderErrorKind } from "../errors.ts";
import type { Redact } from "../redact.ts";
import { parseRetryAfterMs } from "../retry_after.ts";

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
  /** Display name of the vendor. */
  readonly vendor: string;
  readonly redact: Redact;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What a vendor's table made of an answer. */
export interface Classification {
  readonly kind: ProviderErrorKind;
  /** The vendor's own code, if any. */
  readonly code?: string | undefined;
  /** The vendor's id of the request, if any. */
  readonly requestId?: string | undefined;
  /** The vendor's words; those of the whole body when absent. */
  readonly words?: string | undefined;
}

/** The {@linkcode ProviderError} of an answer that a vendor's table has classified. */
export function toAnswerError(
  answer: FailedAnswer,
  { kind, code, requestId, words }: Classification,
  context: FailureContext,
): ProviderError {
  const { redact } = context;
  const shownCode = code === undefined ? "" : ` "${redact(code)}"`;
  const message = redact(words ?? describeBody(answer));
  return new ProviderError(
    `Cannot ${context.action}: ${context.vendor} answered ${answer.status}${shownCode}${
      message ? `: ${message}` : ""
    }`,
    {
      kind,
      account: context.account,
      operation: context.operation,
      status: answer.status,
      code: code && redact(code),
      requestId: requestId && redact(requestId),
      retryAfterMs: parseRetryAfterMs(
        answer.headers.get("retry-after"),
        context.now,
        answer.headers.get("date"),
      ),
    },
  );
}

/** What a status alone says, for answers whose body says nothing. */
export function classifyStatus(status: number): ProviderErrorKind {
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
    case 410:
      return "retired";
    case 429:
      return "rate_limit";
    default:
      if (status >= 500) return "transient";
      // A redirect is refused, not followed: the key would go to somebody else.
      if (status >= 300 && status < 400) return "invalid_request";
      return "unknown";
  }
}

/** A body as one text, to be searched. */
export function toText(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body ?? "");
}

/** A web page's title says more than its tags. */
function describeBody(answer: FailedAnswer): string {
  if (answer.status >= 300 && answer.status < 400) {
    return "a redirect, which is not followed because the API key would go along; check the address";
  }
  const text = toText(answer.body);
  return /<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? text.replace(/<[^>]*>/g, " ");
}
