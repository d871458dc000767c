/**
 * An HTTPS server that misbehaves on demand.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { IssuedCertificate } from "./kube_tls.ts";

/** Answers one request. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** See the module. */
export interface TlsServer {
  readonly port: number;
  readonly url: string;
  /** TLS connections accepted so far. */
  readonly connections: number;
  /** Those of them that are still open. */
  readonly alive: number;
  /** Requests whose answer is not finished. */
  readonly open: number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Serves on 127.0.0.1, asking for client certificates of `caPem` but not insisting. */
export async function startTlsServer(
  own: IssuedCertificate,
  caPem: string,
  serve: Serve,
): Promise<TlsServer> {
  let connections = 0;
  let alive = 0;
  let open = 0;
  const server = https.createServer({
    cert: own.certificatePem,
    key: own.keyPem,
    ca: caPem,
    requestCert: true,
    rejectUnauthorized: false,
  }, (request, response) => {
    open++;
    response.on("close", () => open--);
    serve(request, response);
  });
  server.on("secureConnection", (socket) => {
    connections++;
    alive++;
    socket.on("close", () => alive--);
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    get alive() {
      return alive;
    },
    get open() {
      return open;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Who the client's certificate says it is. */
export function toPeer(request: IncomingMessage): unknown {
  const socket = request.socket as TLSSocket;
  const { subject } = socket.getPeerCertificate();
  return subject ? { commonName: subject.CN, organization: subject.O } : undefined;
}

/** Sends JSON. */
export function sendJson(response: ServerResponse, body: unknown, code = 200): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
