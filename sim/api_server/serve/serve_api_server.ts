/**
 * The API server for clients outside this process: kubectl, a controller, kubelets.
 *
 * @module
 */

import {
  type CertificateAuthority,
  createCertificateAuthority,
  type Subject,
} from "../certificates/certificate_authority.ts";
import type { ApiServer } from "../api_server.ts";
import { toKubeconfig } from "./kubeconfig.ts";
import { serveHttps } from "./serve_https.ts";

/** How to serve. */
export interface ServeOptions {
  /** @default {0}, any free port */
  readonly port?: number;
  /** The cluster's authority: what the CSR signer signs with, too. @default {a new one} */
  readonly authority?: CertificateAuthority;
}

/** A served API server. */
export interface ServedApiServer {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  readonly authority: CertificateAuthority;
  /** The text of a kubeconfig for somebody with a certificate of their own. @default {an administrator} */
  readonly kubeconfigFor: (subject?: Subject) => Promise<string>;
  /** The text of a kubeconfig with a bearer token. */
  readonly kubeconfigWithToken: (token: string) => string;
  /** Ends watches and connections, and stops listening. The API server's state stays. */
  readonly close: () => Promise<void>;
}

/** Who administers the box. */
const administrator: Subject = {
  commonName: "kubernetes-admin",
  organizations: ["system:masters"],
};

/** Serves an API server over TLS on the loopback address. @throws {Error} If the port is taken. */
export async function serveApiServer(
  server: ApiServer,
  options: ServeOptions = {},
): Promise<ServedApiServer> {
  const authority = options.authority ?? await createCertificateAuthority();
  const certificate = await authority.issueServer(
    { commonName: "kube-apiserver" },
    ["127.0.0.1", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"],
  );
  const https = await serveHttps(server.handler, {
    ...certificate,
    clientCaPem: authority.certificatePem,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const url = `https://127.0.0.1:${https.port}`;
  const caPem = authority.certificatePem;
  return {
    url,
    authority,
    kubeconfigFor: async (subject = administrator) =>
      toKubeconfig(url, caPem, {
        kind: "certificate",
        certificate: await authority.issueClient(subject),
      }),
    kubeconfigWithToken: (token) => toKubeconfig(url, caPem, { kind: "token", token }),
    close: https.close,
  };
}
