/**
 * Writes that webhooks are asked about.
 *
 * ```
 *            ┌────── the object is another by now ──────┐
 *            ▼                                          │
 *   try the write out ──► ask the webhooks ──► is all as it was? ──► write
 *   (as for a dry run)    (time passes)         (no time passes)
 * ```
 *
 * So nothing but the asking takes time, and every other write stays as atomic as it is without
 * webhooks. Made-up names and UIDs are those that the webhooks were shown. As in Kubernetes, webhooks
 * come after the schema and its rules. `pods/binding` and `pods/eviction` are not reviewed.
 *
 * @module
 */

import { ApiError, conflict } from "../../api_error.ts";
import type { Core, ResourceCall } from "../../core.ts";
import { createRehearsal, type Rehearsal } from "../../write/rehearsal.ts";
import { toAdmissionRequest } from "./admission_request.ts";
import { callWebhook, failedCalling } from "./call_webhook.ts";
import { findFailedCondition, findMatch, type ReviewedWrite } from "./match_webhook.ts";
import { listWebhooks, type Webhook } from "./webhook.ts";

/** How often a write starts over because somebody else wrote in between. */
const maxAttempts = 5;

const reads: ReadonlySet<string> = new Set(["get", "list", "watch"]);
const unreviewed: ReadonlySet<string> = new Set(["binding", "eviction"]);

/** Carries out a call, after asking the webhooks that want to be asked. @throws {ApiError} */
export async function withReviews(
  core: Core,
  call: ResourceCall,
  carryOut: (call: ResourceCall) => Promise<Response>,
): Promise<Response> {
  if (reads.has(call.info.verb) || unreviewed.has(call.info.subresource)) return carryOut(call);
  const webhooks = listWebhooks(core).filter((webhook) => findMatch(core, call, webhook));
  if (webhooks.length === 0) return carryOut(call);
  const made = new Map<string, string>();
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const rehearsal = createRehearsal("trying", made);
    await carryOut({ ...call, request: call.request.clone(), warnings: [], rehearsal });
    for (const write of rehearsal.writes) await review(core, call, webhooks, write);
    if (isUnchanged(core, call, rehearsal)) {
      return carryOut({ ...call, rehearsal: createRehearsal("final", made) });
    }
  }
  throw conflict(call.definition, call.info.name);
}

function isUnchanged(
  { store }: Core,
  { definition }: ResourceCall,
  { writes }: Rehearsal,
): boolean {
  return writes.every(({ next, previous }) => {
    const { namespace = "", name = "" } = (next ?? previous)?.metadata ?? {};
    return store.get(definition.storageKey, namespace, name) === previous;
  });
}

/** All are asked at once; the first to refuse, in their order, is heard. */
async function review(
  core: Core,
  call: ResourceCall,
  webhooks: readonly Webhook[],
  write: ReviewedWrite,
): Promise<void> {
  const answers = await Promise.allSettled(
    webhooks.map((webhook) => ask(core, call, webhook, write)),
  );
  const said = answers.flatMap((answer) =>
    answer.status === "fulfilled"
      ? answer.value
      : answer.reason instanceof ApiError
      ? answer.reason.warnings
      : []
  );
  call.warnings.push(...[...new Set(said)].filter((text) => !call.warnings.includes(text)));
  const refused = answers.find((answer) => answer.status === "rejected");
  if (refused) throw refused.reason;
}

async function ask(
  core: Core,
  call: ResourceCall,
  webhook: Webhook,
  write: ReviewedWrite,
): Promise<readonly string[]> {
  const asked = findMatch(core, call, webhook, write);
  if (asked === undefined) return [];
  const request = toAdmissionRequest(core, call, write, asked);
  try {
    if (findFailedCondition(core, webhook, request) !== undefined) return [];
  } catch (error) {
    if (!webhook.failsClosed) return [];
    throw failedCalling(webhook, error instanceof Error ? error.message : String(error));
  }
  return await callWebhook(core, webhook, request);
}
