/**
 * Requests by `node:https`, for what `Deno.createHttpClient` cannot do: to check another name than the
 * URL's host (`tls-server-name`), and not to check at all (`insecure-skip-tls-verify`).
 *
 * Importing this costs about 25 ms, so it is loaded only when it is needed.
 *
 * **Caveat.** Deno 2.9.6 goes on reading a TLS socket that `node:https` has paused, so a stream that is
 * not read fills memory. Informers always read; so must whoever else watches.
 *
 * @module
 */

import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import https from "node:https";
import type { Connector, ConnectorOptions } from "./connector.ts";
import { createTunnelAgent } from "./tunnel_agent.ts";
import type { Header, KubeRequest } from "./transport.ts";

/** How long an idle connection is kept, in milliseconds; see `fetch_connector.ts`. */
const idleConnectionMs = 55_000;

/** Idle connections kept after a burst. */
const maxIdleConnections = 32;

/** Creates a connector over `node:https`. */
export function createHttpsConnector(options: ConnectorOptions): Connector {
  const agentOptions: https.AgentOptions = {
    keepAlive: true,
    maxFreeSockets: maxIdleConnections,
    timeout: idleConnectionMs,
    rejectUnauthorized: !options.insecure,
    ...(options.caPem ? { ca: options.caPem } : {}),
    ...(options.serverName ? { servername: options.serverName } : {}),
    ...(options.certificate
      ? { cert: options.certificate.certificatePem, key: options.certificate.keyPem }
      : {}),
  };
  const agent = options.proxyUrl
    ? createTunnelAgent(options.proxyUrl, agentOptions)
    : new https.Agent(agentOptions);
  return {
    send: (request, headers) => send(agent, options.server, request, headers),
    dropIdle() {
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    },
    close: () => agent.destroy(),
  };
}

function send(
  agent: https.Agent,
  server: string,
  request: KubeRequest,
  headers: readonly Header[],
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { signal } = request;
    if (signal.aborted) return reject(signal.reason);
    const body = request.body === undefined ? undefined : new TextEncoder().encode(request.body);
    const outgoing = https.request(server + request.path, {
      agent,
      method: request.method,
      headers: {
        ...toNodeHeaders(headers),
        // Node leaves the length out for DELETE, and the server then takes the body for garbage.
        ...(body ? { "content-length": body.length } : {}),
      },
    });
    const onAbort = () => outgoing.destroy(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    // Fires after the last byte of the answer, or when the connection broke.
    outgoing.on("close", () => signal.removeEventListener("abort", onAbort));
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => resolve(toResponse(incoming, signal)));
    outgoing.end(body);
  });
}

function toResponse(incoming: IncomingMessage, signal: AbortSignal): Response {
  const status = incoming.statusCode ?? 0;
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    headers.push([incoming.rawHeaders[index] ?? "", incoming.rawHeaders[index + 1] ?? ""]);
  }
  if (status === 204 || status === 304) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  return new Response(ReadableStream.from(readBody(incoming, signal)), { status, headers });
}

/** The iterator fails when the connection breaks early. */
async function* readBody(
  incoming: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* incoming;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

function toNodeHeaders(headers: readonly Header[]): OutgoingHttpHeaders {
  const all = new Map<string, string[]>();
  for (const [name, value] of headers) all.set(name, [...(all.get(name) ?? []), value]);
  return Object.fromEntries(
    [...all].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}
