/**
 * What lies between an adapter and a simulated cloud: a `fetch` that can be cut off, and that remembers
 * what passed.
 *
 * @module
 */

import { createServer } from "node:net";
import { setImmediate } from "node:timers";
import type { Fetch } from "../../providers/provider_deps.ts";
import type { Handler } from "../../sim/handler.ts";
import { createInProcessFetch } from "../../sim/in_process_fetch.ts";
import { serve } from "../../sim/serve.ts";
import type { SeenRequest, Transport } from "./provider_world.ts";

/** See the module. */
export interface Connection {
  readonly fetch: Fetch;
  /** Scheme and host to give the adapter. */
  readonly url: string;
  /** Requests that reached the cloud. */
  readonly requests: readonly SeenRequest[];
  /** Requests that were handed to the network and have no answer yet. */
  inFlight(): number;
  /** Refuses connections from now on. */
  disconnect(): void;
  close(): Promise<void>;
}

/**
 * Connects an adapter with a cloud.
 *
 * @param classify What a request is for; may read the body, which is a copy.
 */
export async function connect(
  transport: Transport,
  handler: Handler,
  classify: (request: Request) => SeenRequest | Promise<SeenRequest>,
): Promise<Connection> {
  const requests: SeenRequest[] = [];
  let reachable = true;
  let underWay = 0;
  const observed: Handler = async (request, context) => {
    requests.push(await classify(request.clone() as Request));
    return handler(request, context);
  };
  const line = transport === "in process"
    ? connectInProcess(observed, () => reachable)
    : await connectOverSockets(observed, () => reachable);
  return {
    url: line.url,
    requests,
    inFlight: () => underWay,
    fetch: async (request) => {
      underWay++;
      try {
        return await line.fetch(request);
      } finally {
        underWay--;
      }
    },
    disconnect: () => {
      reachable = false;
    },
    close: () => line.close(),
  };
}

type Line = Pick<Connection, "fetch" | "url" | "close">;

function connectInProcess(handler: Handler, isReachable: () => boolean): Line {
  const fetch = createInProcessFetch(handler, { isReachable });
  return {
    fetch: async (request) => inPieces(await fetch(request)),
    url: "http://cloud.test",
    close: () => Promise.resolve(),
  };
}

/** As networks deliver: a body comes in pieces, each in a turn of its own, cut anywhere. */
function inPieces(response: Response): Response {
  if (response.body === null) return response;
  const pieces = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      const length = Math.max(1, Math.ceil(chunk.length / 3));
      for (let start = 0; start < chunk.length; start += length) {
        await new Promise((resolve) => setImmediate(resolve));
        controller.enqueue(chunk.slice(start, start + length));
      }
    },
  });
  return new Response(response.body.pipeThrough(pieces), response);
}

async function connectOverSockets(
  handler: Handler,
  isReachable: () => boolean,
): Promise<Line> {
  const served = await serve(handler);
  const deadPort = await findClosedPort();
  return {
    fetch: (request) => {
      if (isReachable()) return fetch(request);
      const url = new URL(request.url);
      url.port = String(deadPort);
      return fetch(new Request(url, request));
    },
    url: served.url,
    close: () => served.close(),
  };
}

/** A port that refuses connections: one that was just given back. */
async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === "object" && address !== null ? address.port : 0;
}
