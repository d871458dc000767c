/**
 * The switches of a simulated cloud over HTTP, under `/_control/`.
 *
 * Answers only to loopback names, so that a web page cannot reach it under a name of its own.
 *
 * @module
 */

import { z } from "zod";
import type { Handler } from "../handler.ts";

/** What a request such as `PATCH /_control/behaviour` does; a `RangeError` or `ZodError` is refused. */
export type ControlActions = Readonly<Record<string, (body: unknown) => Response>>;

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Serves the actions. */
export function createControlHandler(actions: ControlActions): Handler {
  return async (request) => {
    const url = new URL(request.url);
    if (!loopback.has(url.hostname)) return refuse(403, `host "${url.hostname}" is not loopback`);
    const action = actions[`${request.method} ${url.pathname}`];
    if (action === undefined) return refuse(404, `no ${request.method} ${url.pathname}`);
    try {
      return action(request.body === null ? undefined : await request.json());
    } catch (error) {
      if (error instanceof z.ZodError) return refuse(400, z.prettifyError(error));
      if (error instanceof RangeError || error instanceof SyntaxError) {
        return refuse(400, error.message);
      }
      throw error;
    }
  };
}

function refuse(status: number, message: string): Response {
  return Response.json({ message }, { status });
}

/** Drops keys without a value, which would overwrite. */
export function withoutUndefined<T extends object>(
  value: T,
): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
