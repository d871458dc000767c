/**
 * REST v2's refusals on the wire (RFC 9457).
 *
 * @module
 */

import type { TrueAnswer } from "../faults.ts";
import { type Refusal, UnfitBody } from "./errors.ts";

const titles: Readonly<Record<number, string>> = Object.freeze({
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
});

/** The answer to a refused request. */
export function toProblem(error: Refusal | UnfitBody): TrueAnswer {
  const status = error instanceof UnfitBody ? 422 : error.row.restStatus;
  const detail = error instanceof UnfitBody ? error.message : error.row.detail ?? error.message;
  const errors = error instanceof UnfitBody ? { errors: error.errors } : {};
  return {
    status,
    text: JSON.stringify({ title: titles[status] ?? "Error", status, detail, ...errors }),
    contentType: "application/problem+json",
  };
}
