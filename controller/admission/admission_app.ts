/**
 * The admission webhook as an HTTP application: reads AdmissionReviews, judges, answers. It writes
 * nothing, asks nobody, and keeps nothing between requests, so that every replica may serve it and a dry
 * run is like any other.
 *
 * What is an AdmissionReview is answered with one, whatever it holds; anything else with an HTTP error
 * in words.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { type AdmissionRequest, parseReview, ReviewFormatError } from "./admission_review.ts";
import type { AdmissionContext } from "./context/admission_context.ts";
import { judgeReview } from "./judge_review.ts";
import { judgedKinds } from "./judged_kinds.ts";
import { BodyError, readReviewBody } from "./review_body.ts";
import { type ReviewResponse, toReviewResponse } from "./review_response.ts";
import { promptHeaders, toPromptBody } from "./serving/server/prompt_body.ts";

/** Collaborators. */
export interface AdmissionAppDeps {
  readonly context: AdmissionContext;
  /** Whether the local copies that the context reads have been complete once. */
  readonly isReady: () => boolean;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Milliseconds that only ever grow. */
  readonly monotonicMs: () => number;
}

/** Answers `POST /validate`, `GET /healthz` and `GET /readyz`. */
export interface AdmissionApp {
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

const jsonHeaders = { ...promptHeaders, "content-type": "application/json" };
const textHeaders = { ...promptHeaders, "content-type": "text/plain; charset=UTF-8" };

/** Where reviews of all kinds are sent. */
export const validatePath = "/validate";

/** Creates the application. */
export function createAdmissionApp(deps: AdmissionAppDeps): AdmissionApp {
  const app = new Hono();
  app.post(validatePath, (c) => answerReview(deps, c));
  app.all(validatePath, (c) => {
    c.header("allow", "POST");
    return c.text("send AdmissionReviews by POST\n", 405);
  });
  app.get("/healthz", (c) => c.text("ok\n"));
  app.get(
    "/readyz",
    (c) => deps.isReady() ? c.text("ok\n") : c.text("the local copies are not complete yet\n", 503),
  );
  app.notFound((c) =>
    c.text(`not found: try POST ${validatePath}, GET /healthz or /readyz\n`, 404)
  );
  app.onError((error, c) => {
    // A mistake of ours, so that where it happened counts.
    deps.log.error("Cannot answer an admission review", { error: error.stack ?? String(error) });
    return refuse(deps, c, 500, "internal error: the controller's log says more");
  });
  return { fetch: (request) => app.fetch(request) };
}

async function answerReview(deps: AdmissionAppDeps, c: Context): Promise<Response> {
  const startedMs = deps.monotonicMs();
  let request: AdmissionRequest;
  try {
    request = parseReview(await readReviewBody(c.req.raw));
  } catch (error) {
    if (error instanceof BodyError) return refuse(deps, c, error.status, error.message);
    if (error instanceof ReviewFormatError) return refuse(deps, c, 400, error.message);
    throw error;
  }
  const answer = toReviewResponse(request, judgeReview(request, deps.context));
  report(deps, request, answer);
  deps.metrics.observe("tgp_admission_duration_seconds", (deps.monotonicMs() - startedMs) / 1000);
  return c.body(toPromptBody(JSON.stringify(answer)), 200, jsonHeaders);
}

/** Metrics have bounded labels; who wrote what is in the API server's audit log. */
function report(
  { log, metrics }: AdmissionAppDeps,
  { kind: { kind }, name, operation }: AdmissionRequest,
  { response: { allowed, status } }: ReviewResponse,
): void {
  metrics.count("tgp_admission_requests_total", {
    kind: judgedKinds.includes(kind) ? kind : "other",
    operation,
    allowed: String(allowed),
  });
  if (!allowed) log.debug("Denied a write", { kind, name, operation, why: status?.message });
}

function refuse(
  { metrics }: AdmissionAppDeps,
  c: Context,
  status: 400 | 413 | 415 | 500,
  message: string,
): Response {
  metrics.count("tgp_admission_bad_requests_total", { status: String(status) });
  return c.body(toPromptBody(`${message}\n`), status, textHeaders);
}
