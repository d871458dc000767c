/**
 * `fetch` that calls a stand-in directly: no sockets, virtual time.
 *
 * @module
 */

import { cut, type Handler } from "./handler.ts";

/** Switches of {@linkcode createInProcessFetch}. */
export interface InProcessFetchOptions {
  /** Asked before each request; false refuses the connection, so that nothing is sent. */
  readonly isReachable?: (() => boolean) | undefined;
}

/**
 * A `fetch` whose server is `handler`. Failures look as Deno's own do, cause included, since callers
 * tell a refused connection from a lost one by it.
 */
export function createInProcessFetch(
  handler: Handler,
  options: InProcessFetchOptions = {},
): (request: Request) => Promise<Response> {
  const isReachable = options.isReachable ?? (() => true);
  return async (request) => {
    const { signal } = request;
    signal.throwIfAborted();
    if (!isReachable()) throw fail("client error (Connect): tcp connect error: Connection refused");
    const response = await orAbort(handler(request, { peer: {} }), signal);
    if (response === cut) {
      throw fail("client error (SendRequest): connection closed before message completed");
    }
    return response;
  };
}

function fail(why: string): TypeError {
  return new TypeError("fetch failed", { cause: new Error(`error sending request: ${why}`) });
}

/** The promise, or the signal's reason as soon as it aborts: a stand-in may take its time. */
function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
