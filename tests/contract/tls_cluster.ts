/**
 * A cluster behind TLS: a real one, or the box when it is served.
 *
 * @module
 */

import { createCertificateAuthority } from "../../sim/api_server/certificates/certificate_authority.ts";
import { serveHttps } from "../../sim/api_server/serve/serve_https.ts";
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
    serveWebhook,
    unique: (prefix) => `${prefix}-${run}-${++count}`,
    kubectl: options.kubectl,
    [Symbol.dispose]() {
      for (const client of clients) client.close();
    },
  };
}

/** A webhook on the loopback address, with a certificate that its configuration vouches for. */
const serveWebhook: KubectlCluster["serveWebhook"] = async (answer) => {
  const authority = await createCertificateAuthority();
  const identity = await authority.issueServer({ commonName: "webhook" }, ["127.0.0.1"]);
  const server = await serveHttps(async (request) => await answer(request), {
    ...identity,
    clientCaPem: authority.certificatePem,
  });
  return {
    clientConfig: {
      url: `https://127.0.0.1:${server.port}/validate`,
      caBundle: btoa(authority.certificatePem),
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
};
