/**
 * A handler behind TLS, with client certificates.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { cut, type Handler, type Peer } from "../../handler.ts";

/** Where and with what to serve. */
export interface HttpsOptions {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** Whose client certificates count. */
  readonly clientCaPem: string;
  /** @default {0}, any free port */
  readonly port?: number;
}

/** A listening server. */
export interface HttpsServer {
  readonly port: number;
  /** Ends all connections and stops listening. */
  readonly close: () => Promise<void>;
}

/** Serves a handler on the loopback address. @throws {Error} If the port is taken. */
export async function serveHttps(handler: Handler, options: HttpsOptions): Promise<HttpsServer> {
  const sockets = new Set<TLSSocket>();
  const server: Server = createServer({
    cert: options.certificatePem,
    key: options.privateKeyPem,
    ca: options.clientCaPem,
    requestCert: true,
    rejectUnauthorized: false,
  }, (request, response) => {
    exchange(handler, request, response).catch(() => request.socket.destroy());
  });
  // Watches are quiet for longer than any timeout of HTTP servers.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.on("secureConnection", (socket: TLSSocket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    const port = options.port ?? 0;
    server.once("error", (error: Error) =>
      reject(
        new Error(
          `Cannot listen on 127.0.0.1:${port}: ${error.message}; choose another port, or 0 for a` +
            " free one",
          { cause: error },
        ),
      ));
    server.listen(port, "127.0.0.1", () => resolve());
  });
  // `listen` on a host and port yields an address, never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The verified client certificate of a connection. */
function toPeer(socket: unknown): Peer {
  const tls = socket as TLSSocket;
  if (!tls.authorized) return {};
  const certificate = tls.getPeerCertificate();
  const subject = certificate?.subject;
  if (!subject) return {};
  return {
    certificate: {
      commonName: String(subject.CN ?? ""),
      organizations: [subject.O ?? []].flat(),
    },
  };
}

async function exchange(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  const request = await toRequest(incoming, gone.signal);
  const response = await handler(request, { peer: toPeer(incoming.socket) });
  if (response === cut) {
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(response.status, toHeaders(response.headers));
  if (response.body === null) {
    outgoing.end();
    return;
  }
  // The client should know at once that a watch has begun.
  outgoing.flushHeaders();
  await pour(response.body, outgoing, gone.signal);
}

async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const { method = "GET", url = "/", headers } = incoming;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  const init: RequestInit = {
    method,
    signal,
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined || name.startsWith(":")
        ? []
        : [[name, Array.isArray(value) ? value.join(", ") : value]]
    ),
  };
  const target = new URL(url, `https://${headers.host ?? "127.0.0.1"}`);
  const hasBody = body.byteLength > 0 && method !== "GET" && method !== "HEAD";
  return new Request(target, hasBody ? { ...init, body } : init);
}

function toHeaders(headers: Headers): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const before = result[name];
    result[name] = before === undefined ? value : [before, value].flat();
  }
  return result;
}

async function pour(
  body: ReadableStream<Uint8Array>,
  outgoing: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const reader = body.getReader();
  signal.addEventListener("abort", () => reader.cancel().catch(() => {}), { once: true });
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!outgoing.write(value)) {
        await new Promise<void>((resolve) => {
          outgoing.once("drain", resolve);
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      }
    }
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}
