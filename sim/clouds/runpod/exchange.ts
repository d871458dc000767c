/**
 * Bodies of requests and answers, in both protocols of the simulated RunPod.
 *
 * @module
 */

import type { TrueAnswer } from "../faults.ts";

/** A request's body; `undefined` for one that is not JSON. */
export async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}

/** An answer on the wire. */
export function toResponse(
  { status, text, contentType = "application/json" }: TrueAnswer,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const isEmpty = status === 204;
  return new Response(isEmpty ? null : text, {
    status,
    headers: { ...(!isEmpty && { "content-type": contentType }), ...headers },
  });
}
