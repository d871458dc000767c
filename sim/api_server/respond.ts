/**
 * Answers.
 *
 * @module
 */

import { ApiError } from "./api_error.ts";
import type { JsonObject } from "./json.ts";

/** What an answer carries beside its body. */
export interface ResponseOptions {
  /** @default {200} */
  readonly status?: number;
  /** @default {"application/json"} */
  readonly contentType?: string;
  /** Shown to the user by kubectl. */
  readonly warnings?: readonly string[];
}

/** An answer with JSON text. */
export function respondText(text: string, options: ResponseOptions = {}): Response {
  const headers = new Headers({
    "Content-Type": options.contentType ?? "application/json",
    "Cache-Control": "no-cache, private",
  });
  for (const warning of options.warnings ?? []) {
    headers.append("Warning", `299 - "${warning.replaceAll(/["\\]/g, "\\$&")}"`);
  }
  return new Response(text, { status: options.status ?? 200, headers });
}

/** An answer with a JSON body. */
export function respondJson(body: JsonObject, options: ResponseOptions = {}): Response {
  return respondText(JSON.stringify(body), options);
}

/**
 * The answer that an error makes, with what was warned of until then. Anything but an {@linkcode ApiError}
 * is the server's own fault.
 */
export function respondError(error: unknown, warnings: readonly string[] = []): Response {
  const known = error instanceof ApiError ? error : new ApiError(
    500,
    "InternalError",
    `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
  );
  if (known.reason === "UnknownPath") {
    return respondText(`${known.message}\n`, { status: 404, contentType: "text/plain" });
  }
  const response = respondJson(known.toStatus(), { status: known.code, warnings });
  const retryAfter = known.details?.retryAfterSeconds;
  if (typeof retryAfter === "number") response.headers.set("Retry-After", String(retryAfter));
  return response;
}
