/**
 * `/metrics`, `/healthz` and `/readyz`.
 *
 * @module
 */

import type { PrometheusMetrics } from "../runtime/prometheus.ts";

/**
 * Answers probes and scrapes.
 *
 * @param whyNotReady Why this process must not be asked now, for people; `undefined` when it may be.
 */
export function createProbeHandler(
  metrics: PrometheusMetrics,
  whyNotReady: () => string | undefined,
): (request: Request) => Promise<Response> {
  return async (request) => {
    switch (new URL(request.url).pathname) {
      case "/healthz":
        return new Response("ok\n");
      case "/readyz": {
        const why = whyNotReady();
        return why === undefined ? new Response("ok\n") : new Response(`${why}\n`, { status: 503 });
      }
      case "/metrics":
        return new Response(await metrics.expose(), {
          headers: { "content-type": metrics.contentType },
        });
      default:
        return new Response("not found: try /metrics, /healthz or /readyz\n", { status: 404 });
    }
  };
}
