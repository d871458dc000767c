/**
 * A cluster behind TLS: a real one, or the box when it is served.
 *
 * @module
 */

import type { KubectlCluster } from "./cluster.ts";
import { createContractClient, type Endpoint } from "./client.ts";

/** How to reach it. */
export interface TlsClusterOptions {
  readonly url: string;
  readonly caPem: string;
  /** The certificate and key of a member of system:masters, in PEM. */
  readonly admin: { readonly certificatePem: string; readonly privateKeyPem: string };
  readonly strangerToken: string;
  readonly kubectl: KubectlCluster["kubectl"];
  readonly compact: () => void;
}

/** How long a look waits for the next one. */
const pauseMs = 50;

/** A cluster over sockets. Dispose it to close its connections. */
export function openTlsCluster(options: TlsClusterOptions): KubectlCluster & Disposable {
  const clients: Deno.HttpClient[] = [];
  const connect = (
    identity: Partial<TlsClusterOptions["admin"]>,
    token?: string,
  ): Endpoint => {
    const { certificatePem: cert, privateKeyPem: key } = identity;
    const client = Deno.createHttpClient({
      caCerts: [options.caPem],
      http2: false,
      ...(cert !== undefined && key !== undefined ? { cert, key } : {}),
    });
    clients.push(client);
    return {
      url: options.url,
      fetch: (request) => {
        if (token !== undefined) request.headers.set("authorization", `Bearer ${token}`);
        return fetch(request, { client });
      },
    };
  };
  const run = Date.now().toString(36).slice(-5);
  let count = 0;
  return {
    ...createContractClient(connect(options.admin)),
    withToken: (token) => createContractClient(connect({}, token)),
    withCertificate: (certificatePem, privateKeyPem) =>
      createContractClient(connect({ certificatePem, privateKeyPem })),
    pause: () => new Promise((resolve) => setTimeout(resolve, pauseMs)),
    now: () => Date.now(),
    compact: options.compact,
    strangerToken: options.strangerToken,
    unique: (prefix) => `${prefix}-${run}-${++count}`,
    kubectl: options.kubectl,
    [Symbol.dispose]() {
      for (const client of clients) client.close();
    },
  };
}
