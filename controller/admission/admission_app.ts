/**
 * The admission webhook as an HTTP application: reads AdmissionReviews, judges, answers. It writes
 * nothing, asks nobody, and keeps nothing between requests.
 *
 * @module
 */

import { Hono } from "hono";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { AdmissionContext } from "./admission_context.ts";
import { parseReview, ReviewFormatError } from "./admission_review.ts";
import { judgeReview } from "./judge_review.ts";
import { toReviewResponse } from "./review_response.ts";

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

/** Where reviews are sent. */
export const validatePath = "/validate";

/** The API server itself takes no larger bodies (3 MiB, `--max-request-body-bytes`). */
const maxBodyBytes = 3 * 1024 * 1024;

/** Creates the application. */
export function createAdmissionApp(deps: AdmissionAppDeps): AdmissionApp {
  const { context, isReady, log, metrics, monotonicMs } = deps;
  const app = new Hono();
  app.post(validatePath, async (c) => {
    const startedMs = monotonicMs();
    const length = Number(c.req.header("content-length") ?? 0);
    if (length > maxBodyBytes) return c.text("the body is larger than 3 MiB\n", 413);
    const request = parseReview(await c.req.text());
    const answer = toReviewResponse(request, judgeReview(request, context));
    metrics.count("tgp_admission_requests_total", {
      kind: request.kind.kind,
      operation: request.operation,
      allowed: String(answer.response.allowed),
    });
    metrics.observe("tgp_admission_duration_seconds", (monotonicMs() - startedMs) / 1000);
    return c.json(answer);
  });
  app.get("/healthz", (c) => c.text("ok\n"));
  app.get(
    "/readyz",
    (c) => isReady() ? c.text("ok\n") : c.text("the local copies are not complete yet\n", 503),
  );
  app.notFound((c) =>
    c.text(`not found: try POST ${validatePath}, GET /healthz or /readyz\n`, 404)
  );
  app.onError((error, c) => {
    if (error instanceof ReviewFormatError) return c.text(`${error.message}\n`, 400);
    log.error("Cannot answer an admission review", { error: String(error) });
    return c.text("internal error: see the controller's log\n", 500);
  });
  return { fetch: (request) => app.fetch(request) };
}
