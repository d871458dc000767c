/**
 * `/metrics`, `/healthz` and `/readyz`.
 *
 * @module
 */

import type { PrometheusMetrics } from "../runtime/prometheus.ts";
import type { Controller } from "./controller.ts";

/** Answers probes and scrapes. */
export function createProbeHandler(
  metrics: PrometheusMetrics,
  controller: Pick<Controller, "isReady" | "isLeader">,
): (request: Request) => Promise<Response> {
  return async (request) => {
    switch (new URL(request.url).pathname) {
      case "/healthz":
        return new Response("ok\n");
      case "/readyz":
        return controller.isReady()
          ? new Response("ok\n")
          : new Response("the caches are not complete yet\n", { status: 503 });
      case "/metrics":
        return new Response(await metrics.expose(), {
          headers: { "content-type": metrics.contentType },
        });
      default:
        return new Response("not found: try /metrics, /healthz or /readyz\n", { status: 404 });
    }
  };
}
