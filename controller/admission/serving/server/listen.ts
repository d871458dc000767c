/**
 * Listening for HTTPS on a port that several listeners may share.
 *
 * @module
 */

import type { KeyedCertificate } from "../certificates/certificate.ts";
import { endOfTurn } from "./end_of_turn.ts";

/** Answers requests. */
export type Handler = (request: Request) => Response | Promise<Response>;

/** Where to listen, as whom, and who answers. */
export interface ListenOptions {
  readonly hostname: string;
  /** 0: any free one. */
  readonly port: number;
  /** Whether a listener of ours is on that port already. */
  readonly isShared: boolean;
  readonly certificate: KeyedCertificate;
  readonly handler: Handler;
  /** Answers for a handler that threw. */
  readonly onError: (error: unknown) => Response;
}

/** A listener and its connections. */
export interface Listener {
  readonly port: number;
  /** Takes no further requests; resolves when all that are under way have been answered. */
  shutdown(): Promise<void>;
}

/** Starts to listen. @throws {Error} If the address cannot be had, or the certificate not be used. */
export type Listen = (options: ListenOptions) => Listener;

/** HTTPS by Deno, HTTP/2 and HTTP/1.1. Needs `--unstable-net`: TLS on a shared port is not stable yet. */
export const listenByDeno: Listen = (options) => {
  const { hostname, port, certificate, handler, onError } = options;
  if (!("listenDatagram" in Deno)) {
    // Deno itself would end the process.
    throw new Error("Cannot serve the webhook: start Deno with --unstable-net");
  }
  if (!options.isShared) assertFree(options);
  const server = Deno.serve({
    hostname,
    port,
    cert: certificate.certificatePem,
    key: certificate.privateKeyPem,
    reusePort: true,
    onListen() {},
    onError,
    async handler(request) {
      const response = await handler(request);
      await endOfTurn();
      return response;
    },
  });
  return { port: server.addr.port, shutdown: () => server.shutdown() };
};

/** The kernel would let any process of ours share the port, one that was forgotten, too. */
function assertFree({ hostname, port }: Pick<ListenOptions, "hostname" | "port">): void {
  try {
    Deno.listen({ hostname, port }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new Error(
      `Cannot serve the webhook: ${hostname}:${port} is in use; choose another port`,
      {
        cause: error,
      },
    );
  }
}
