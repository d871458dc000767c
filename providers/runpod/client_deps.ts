/**
 * What both of RunPod's clients are built on.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { CallPlan } from "../call_plan.ts";
import type { AnswerContext } from "../http/parse_answer.ts";
import type { Fetch } from "../provider_deps.ts";
import type { Redact } from "../redact.ts";
import type { Resilience } from "../resilience.ts";
import type { RunpodCloud } from "./api.ts";
import { toRunpodError } from "./errors.ts";

/** See the module. */
export interface RunpodClientDeps {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly resilience: Resilience;
  readonly redact: Redact;
}

/** Which account, where, and what of it. */
export interface RunpodClientOptions {
  readonly account: string;
  readonly apiKey: string;
  /** With the vendor's path. */
  readonly url: string;
  readonly cloud: RunpodCloud;
}

/** What failures of a call say about it. */
export function toContext(
  { operation, action }: CallPlan,
  { clock, redact }: RunpodClientDeps,
  { account }: RunpodClientOptions,
): AnswerContext {
  return {
    account,
    operation,
    action,
    vendor: "RunPod",
    redact,
    now: clock.now(),
    toError: toRunpodError,
  };
}
