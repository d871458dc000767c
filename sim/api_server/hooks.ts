/**
 * A seam for tests: to see, hold, answer or cut traffic before and after it takes effect.
 *
 * @module
 */

import type { Cut } from "../handler.ts";
import type { User } from "./auth/user.ts";
import type { RequestInfo } from "./request_info.ts";

/** What a hook sees of a request. */
export interface SeenRequest {
  readonly info: RequestInfo;
  readonly method: string;
  readonly url: URL;
  /** Who makes it; `undefined` when that could not be told (401). */
  readonly user: User | undefined;
  /** The body's text; empty without one. */
  readonly body: string;
}

/** What a hook may answer in place of the server; nothing lets things take their course. */
export type HookAnswer = Response | Cut | undefined | void;

/** One observer of all traffic. Its promises hold the request until they settle. */
export interface Hook {
  /** Before the request is applied: an answer given here keeps it from being applied at all. */
  readonly before?: (request: SeenRequest) => HookAnswer | Promise<HookAnswer>;
  /** After it was applied: an answer given here replaces the server's, which has taken effect. */
  readonly after?: (
    request: SeenRequest,
    response: Response,
  ) => HookAnswer | Promise<HookAnswer>;
}
