/**
 * What stands in front of the simulated RunPod: latency, and the vendor's guard against robots.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Cut, Handler } from "../../handler.ts";
import type { RunpodBehaviour } from "./behaviour.ts";

/** What lies behind. */
export interface EdgeDeps {
  readonly clock: Clock;
  readonly behaviour: () => RunpodBehaviour;
  readonly rest: (request: Request) => Promise<Response | Cut>;
  readonly graphql: (request: Request) => Promise<Response | Cut>;
}

/** Lets requests through to the protocol they speak. */
export function createEdge(deps: EdgeDeps): Handler {
  return async (request) => {
    const behaviour = deps.behaviour();
    if (behaviour.latencyMs > 0) await deps.clock.sleep(behaviour.latencyMs, request.signal);
    if (isRefused(request, behaviour)) {
      return new Response("error code: 1010", {
        status: 403,
        headers: { "content-type": "text/plain; charset=UTF-8", "server": "cloudflare" },
      });
    }
    const { pathname } = new URL(request.url);
    if (pathname === "/graphql") return await deps.graphql(request);
    if (pathname.startsWith("/v2/")) return await deps.rest(request);
    return new Response("<html><head><title>404 Not Found</title></head></html>", {
      status: 404,
      headers: { "content-type": "text/html" },
    });
  };
}

/** Clients that say nothing of their own about themselves were seen to be refused. */
function isRefused(request: Request, { refusedAgents }: RunpodBehaviour): boolean {
  const agent = request.headers.get("user-agent") ?? "";
  switch (refusedAgents) {
    case "all":
      return true;
    case "none":
      return false;
    case "nameless":
      return agent === "" || agent.startsWith("Python-urllib/");
  }
}
