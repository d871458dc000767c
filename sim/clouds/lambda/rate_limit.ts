/**
 * The vendor's rate limits: about one request a second, one launch in 12 seconds, per key.
 *
 * @module
 */

import type { LambdaBehaviour } from "./behaviour.ts";

/**
 * Documented intervals; the tolerance is how much too early a request may come, since "about" is what
 * the vendor writes and networks deliver unevenly.
 */
export const lambdaRates = Object.freeze({
  request: { intervalMs: 1_000, toleranceMs: 2_000 },
  launch: { intervalMs: 12_000, toleranceMs: 3_000 },
});

/** The answer to a throttled request, in one of the shapes that clients have met. */
export function toThrottleResponse(behaviour: LambdaBehaviour, requestId: string): Response {
  const headers = new Headers();
  if (behaviour.retryAfterSeconds !== null) {
    headers.set("retry-after", String(behaviour.retryAfterSeconds));
  }
  switch (behaviour.throttleShape) {
    case "json":
      return Response.json(
        {
          error: {
            code: "global/rate-limited",
            message: "Too many requests.",
            request_id: requestId,
          },
        },
        { status: 429, headers },
      );
    case "empty":
      return new Response(null, { status: 429, headers });
    case "text":
      headers.set("content-type", "text/plain");
      return new Response("Too many requests\n", { status: 429, headers });
    case "html":
      headers.set("content-type", "text/html");
      return new Response(
        "<html><head><title>429 Too Many Requests</title></head><body></body></html>",
        { status: 429, headers },
      );
    case "1015":
      // From the network in front of the API, which has been seen to answer 403 as well.
      headers.set("content-type", "text/plain");
      return new Response("error code: 1015", { status: 403, headers });
  }
}
