/**
 * How requests reach one server under one client certificate.
 *
 * @module
 */

import type { ClientCertificate, Header, KubeRequest } from "./transport.ts";

/** What a connector connects with; everything read from its file already. */
export interface ConnectorOptions {
  /** See {@linkcode Connection.server}. */
  readonly server: string;
  readonly caPem: string | undefined;
  /** The name to ask for and to check, where it is not the URL's host. */
  readonly serverName: string | undefined;
  /** Accept any certificate. */
  readonly insecure: boolean;
  readonly proxyUrl: string | undefined;
  readonly certificate: ClientCertificate | undefined;
}

/** A pool of connections to one server. */
export interface Connector {
  /** Sends one request; rejects with whatever went wrong when there is no answer. */
  send(request: KubeRequest, headers: readonly Header[]): Promise<Response>;
  /** Closes the connections that lie idle: they may be dead. Exchanges under way go on. */
  dropIdle(): void;
  /** Closes everything; exchanges under way may break. */
  close(): void;
}
