/**
 * Serves a stand-in over plain HTTP on the loopback interface.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Cut, cut, type Handler } from "./handler.ts";

/** A stand-in that is being served. */
export interface Served {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, drops open connections, and resolves when both are done. */
  close(): Promise<void>;
}

/**
 * Serves a handler on 127.0.0.1.
 *
 * A {@linkcode Cut} destroys the socket; so does an answer whose body fails. The request's signal aborts
 * when the client goes away.
 *
 * @param port 0 takes a free one. @default {0}
 * @throws {Error} `Cannot listen on …` if the port is taken.
 */
export async function serve(handler: Handler, port = 0): Promise<Served> {
  const server = createServer((incoming, outgoing) => {
    void answer(handler, incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: Error) =>
      reject(
        new Error(
          `Cannot listen on 127.0.0.1:${port}: ${error.message}; choose another port, or 0 for a free one`,
          { cause: error },
        ),
      ));
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${actualPort}`,
    port: actualPort,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  try {
    const request = await toRequest(incoming, gone.signal);
    await send(await handler(request, { peer: {} }), outgoing, gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return;
    if (outgoing.headersSent) outgoing.destroy();
    else {
      const message = error instanceof Error ? error.message : String(error);
      outgoing.writeHead(500, { "content-type": "text/plain" }).end(`${message}\n`);
    }
  }
}

async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD" && chunks.length > 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return new Request(
    new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? "127.0.0.1"}`),
    {
      method,
      headers,
      signal,
      ...(hasBody && { body: new Uint8Array(Buffer.concat(chunks)) }),
    },
  );
}

async function send(
  response: Response | Cut,
  outgoing: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  if (response === cut) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader();
  const cancel = () => void reader?.cancel().catch(() => {});
  gone.addEventListener("abort", cancel, { once: true });
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    await write(outgoing, value, gone);
  }
  gone.removeEventListener("abort", cancel);
  outgoing.end();
}

/** Until the bytes left: what comes after, an error included, must not overtake them. */
function write(outgoing: ServerResponse, bytes: Uint8Array, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (gone.aborted) return resolve();
    gone.addEventListener("abort", () => resolve(), { once: true });
    outgoing.write(bytes, () => resolve());
  });
}
