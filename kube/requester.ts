/**
 * One call to the API server, with everything that may have to be done around it: credentials, time
 * limits, another attempt when the server asks for patience.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Random } from "../runtime/random.ts";
import { type Answer, parseAnswer, toKubeError } from "./answer.ts";
import { withDeadline } from "./deadline.ts";
import { KubeConnectionError, KubeTimeoutError, toMessage } from "./errors.ts";
import type { Credential, Header, KubeRequest, KubeTransport } from "./transport.ts";

/** How often a call is sent at most when the server answers with a `Retry-After`. */
const maxAttempts = 5;

/**
 * Longest wait for one `Retry-After`, in milliseconds. The API server asks for 1 s when it is
 * overloaded and up to 10 s otherwise; whoever asks for more gets the error passed on.
 */
const maxRetryAfterMs = 10_000;

/** What to call. */
export interface Call {
  readonly method: KubeRequest["method"];
  /** Path and query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default {"application/json"} */
  readonly contentType?: string | undefined;
  /** Whether to wait and ask again when the server says so by `Retry-After`. @default {true} */
  readonly patient?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What {@linkcode createRequester} needs. */
export interface RequesterDeps {
  readonly transport: KubeTransport;
  /** Wall time: the limits are about networks. */
  readonly clock: Clock;
  readonly random: Random;
  readonly userAgent: string;
  /** Limit for one attempt, and for the start of a stream, in milliseconds; 0 is none. */
  readonly requestTimeoutMs: number;
}

/** Makes calls. */
export interface Requester {
  /**
   * Makes a call and decodes its answer.
   *
   * @throws {KubeError} If the answer is not 2xx.
   * @throws {KubeTimeoutError} {@linkcode KubeConnectionError} {@linkcode KubeAnswerError}
   */
  json(call: Call): Promise<unknown>;
  /**
   * Starts a call whose answer streams.
   *
   * @param signal Ends the stream, also long after this has resolved. The caller aborts it in any case,
   * when it is through with the stream and when there is none.
   * @throws The same.
   */
  stream(call: Call, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** Creates a requester. */
export function createRequester(deps: RequesterDeps): Requester {
  return {
    async json(call) {
      for (let attempt = 1;; attempt++) {
        const answer = await authenticated(
          deps,
          call.signal,
          (credential) => askForAnswer(deps, call, credential),
        );
        const delayMs = attempt < maxAttempts
          ? computeRepeatDelayMs(deps, call, answer)
          : undefined;
        if (delayMs === undefined) return parseAnswer(answer);
        await deps.clock.sleep(delayMs, call.signal);
      }
    },

    async stream(call, signal) {
      const reply = await authenticated(
        deps,
        signal,
        (credential) => askForStream(deps, call, credential, signal),
      );
      if ("body" in reply) return reply.body;
      throw toKubeError(reply);
    },
  };
}

/** A complete answer that may ask for patience. */
interface PatientAnswer extends Answer {
  readonly retryAfterMs: number | undefined;
}

/** Asks, and once more with a fresh credential if there is one and the first was refused. */
async function authenticated<T extends { readonly status: number }>(
  deps: RequesterDeps,
  signal: AbortSignal | undefined,
  ask: (credential: Credential) => Promise<T>,
): Promise<T> {
  const credential = await deps.transport.authenticate(signal);
  const reply = await ask(credential);
  if (reply.status !== 401) return reply;
  const renewed = await deps.transport.authenticate(signal, credential);
  return renewed === credential ? reply : await ask(renewed);
}

function askForAnswer(
  deps: RequesterDeps,
  call: Call,
  credential: Credential,
): Promise<PatientAnswer> {
  return inTime(deps, call, call.signal, async (signal) => {
    const response = await deps.transport.send(toRequest(deps, call, signal), credential);
    return await readAnswer(call, response, signal);
  });
}

async function askForStream(
  deps: RequesterDeps,
  call: Call,
  credential: Credential,
  signal: AbortSignal,
): Promise<PatientAnswer | { readonly status: number; readonly body: ReadableStream<Uint8Array> }> {
  // The request carries the stream's own signal: the limit is for the answer's start, not its end.
  return await inTime(deps, call, signal, async () => {
    const response = await deps.transport.send(toRequest(deps, call, signal), credential);
    if (response.ok && response.body) return { status: response.status, body: response.body };
    return await readAnswer(call, response, signal);
  });
}

async function readAnswer(
  call: Call,
  response: Response,
  signal: AbortSignal,
): Promise<PatientAnswer> {
  const { status, headers } = response;
  const seconds = Number(headers.get("retry-after") ?? NaN);
  try {
    const text = await response.text();
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : undefined;
    return { asked: toAsked(call), status, text, retryAfterMs };
  } catch (error) {
    signal.throwIfAborted();
    throw new KubeConnectionError(`The answer to ${toAsked(call)} broke off: ${toMessage(error)}`, {
      cause: error,
    });
  }
}

/** Applies the limit of one attempt. After a timeout the connections are suspect: all are dropped. */
async function inTime<T>(
  deps: RequesterDeps,
  call: Call,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { requestTimeoutMs: timeoutMs } = deps;
  const toError = () =>
    new KubeTimeoutError(`${toAsked(call)} was not answered within ${timeoutMs / 1000} s`);
  try {
    return await withDeadline(deps.clock, { timeoutMs, toError }, signal, work);
  } catch (error) {
    if (error instanceof KubeTimeoutError) deps.transport.dropConnections();
    throw error;
  }
}

/** How long to wait before asking again; `undefined`: do not. */
function computeRepeatDelayMs(
  deps: RequesterDeps,
  call: Call,
  answer: PatientAnswer,
): number | undefined {
  const { status, retryAfterMs } = answer;
  if (call.patient === false || retryAfterMs === undefined) return undefined;
  // 429 comes before anything has happened; after another failure a write may have taken effect.
  const untouched = status === 429 || (status >= 500 && call.method === "GET");
  if (!untouched || retryAfterMs > maxRetryAfterMs) return undefined;
  // Spread out: everybody who was sent away was told the same number.
  return retryAfterMs * (1 + deps.random.next() / 2);
}

function toRequest(deps: RequesterDeps, call: Call, signal: AbortSignal): KubeRequest {
  const headers: Header[] = [["accept", "application/json"], ["user-agent", deps.userAgent]];
  if (call.body === undefined) return { method: call.method, path: call.path, headers, signal };
  headers.push(["content-type", call.contentType ?? "application/json"]);
  const body = JSON.stringify(call.body);
  return { method: call.method, path: call.path, headers, body, signal };
}

/** The call as messages show it; the query only makes it long. */
function toAsked(call: Call): string {
  return `${call.method} ${call.path.replace(/\?.*$/s, "")}`;
}
