/**
 * Everything needed to talk to one API server as one user, decided but not yet read from files.
 *
 * @module
 */

import type { ExecConfig } from "./exec_config.ts";
import type { Impersonation, PemSource } from "./kubeconfig.ts";

/** How the server proves who it is. */
export interface ServerTrust {
  /** Certificates to trust besides the platform's roots; absent: the platform's roots only. */
  readonly certificateAuthority: PemSource | undefined;
  /** The name in the server's certificate, where it differs from the URL's host. */
  readonly serverName: string | undefined;
  /** Accept any certificate. */
  readonly insecure: boolean;
}

/** How we prove who we are. All absent: anonymously. */
export interface Authentication {
  readonly clientCertificate?: {
    readonly certificate: PemSource;
    readonly key: PemSource;
  } | undefined;
  /** Used while `tokenFile` is absent or cannot be read. */
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
  readonly exec?: ExecConfig | undefined;
}

/** A way to one API server. */
export interface Connection {
  /** Base URL, with scheme and without a slash at the end; may have a path. */
  readonly server: string;
  /** Where namespaced commands act when they are not told. */
  readonly namespace: string;
  readonly trust: ServerTrust;
  /** `http:`, `https:` or `socks5:`, with user information where the proxy wants it. */
  readonly proxyUrl: string | undefined;
  readonly authentication: Authentication;
  readonly impersonate: Impersonation | undefined;
  /** Limit for one request in milliseconds; 0 is none; absent: the client's default. */
  readonly requestTimeoutMs: number | undefined;
  /** For exec plugins: what the kubeconfig keeps for them about the cluster. */
  readonly execPluginConfig: unknown;
  /** Where this comes from, for messages: `context "prod"`, `the service account`. */
  readonly source: string;
}
