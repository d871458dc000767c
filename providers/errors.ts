/**
 * How a provider fails, in words every cloud shares.
 *
 * @module
 */

/**
 * What kind of failure it was. `unknown` keeps the vendor's words and is shown raw: a row is missing
 * from that vendor's table.
 */
export type ProviderErrorKind =
  | "billing"
  | "rate_limit"
  | "availability"
  | "quota"
  | "unauthorized"
  | "not_found"
  | "conflict"
  | "invalid_request"
  | "retired"
  | "transient"
  | "unknown";

/** Facts about a failure. */
export interface ProviderErrorDetails {
  readonly kind: ProviderErrorKind;
  /** The account (the class's entry name) that failed. */
  readonly account: string;
  /** The operation, for example `listInstances`. */
  readonly operation: string;
  /** HTTP status, if there was an answer. */
  readonly status?: number | undefined;
  /** The vendor's own code, if any. */
  readonly code?: string | undefined;
  /** The vendor's id of the request, to quote to its support. */
  readonly requestId?: string | undefined;
  /** How long the vendor asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Thrown by every provider operation but `launch`. Never carries a key, a header or user data. */
export class ProviderError extends Error implements ProviderErrorDetails {
  override name = "ProviderError";
  readonly kind: ProviderErrorKind;
  readonly account: string;
  readonly operation: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: ProviderErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = details.kind;
    this.account = details.account;
    this.operation = details.operation;
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** For the end of every `switch` over a union: fails to compile when a member is missing. */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected value: ${JSON.stringify(value)}`);
}
