/**
 * What a failed `fetch` says about whether the request left.
 *
 * @module
 */

/** A failure without an answer. */
export interface NetworkFailure {
  /**
   * Whether the request surely never left: the connection could not be made (refused, no such host,
   * no route, TLS) or was not allowed. Everything else may have arrived.
   */
  readonly unsent: boolean;
  /** For people; names no URL. */
  readonly message: string;
}

/**
 * Texts are all there is: Deno 2.9.6 throws `TypeError: fetch failed` whose cause is hyper's own
 * message, without a code (measured 2026-11-23). `client error (Connect)` covers everything up to and
 * including the TLS handshake; a request is written only after it.
 */
const unsentPatterns: readonly (readonly [RegExp, string])[] = [
  [/dns error|failed to lookup address/i, "no such host"],
  [/connection refused/i, "connection refused"],
  [/no route to host|network is unreachable/i, "no route to the host"],
  [/certificate|unknownissuer|handshake/i, "TLS failed"],
  [/client error \(connect\)/i, "cannot connect"],
];

/** Refused by the platform before anything was opened. */
const forbiddenPatterns = /requires net access|are blocked|url scheme|not supported/i;

const sentPatterns: readonly (readonly [RegExp, string])[] = [
  [/reset by peer|broken pipe/i, "connection reset"],
  [/closed before message completed|unexpected end of file|eof/i, "connection closed"],
  [/reading a body|body from connection/i, "the answer broke off"],
];

/** Explains an error thrown by `fetch` or by reading a body. */
export function explainNetworkFailure(error: unknown): NetworkFailure {
  const text = describeChain(error);
  if (/client error \(connect\)/i.test(text)) {
    const [, message = "cannot connect"] = unsentPatterns.find(([regex]) => regex.test(text)) ?? [];
    return { unsent: true, message };
  }
  if (forbiddenPatterns.test(text)) return { unsent: true, message: "the request was not allowed" };
  const [, message = "the connection failed"] = sentPatterns.find(([regex]) => regex.test(text)) ??
    [];
  return { unsent: false, message };
}

/** The messages of an error and its causes. */
function describeChain(error: unknown): string {
  const texts: string[] = [];
  for (let current = error, depth = 0; current instanceof Error && depth < 4; depth++) {
    texts.push(current.message);
    current = current.cause;
  }
  return texts.join(": ");
}
