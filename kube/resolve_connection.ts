/**
 * From a kubeconfig and the flags that override it to one connection.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Authentication, Connection, ServerTrust } from "./connection.ts";
import { KubeconfigError } from "./errors.ts";
import type {
  ClusterEntry,
  ContextEntry,
  Impersonation,
  Kubeconfig,
  UserEntry,
} from "./kubeconfig.ts";
import { parseRequestTimeoutMs } from "./request_timeout.ts";

/** kubectl's global flags that say where and as whom; each under its name there. */
export interface ConnectionFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly namespace?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  /** A file. */
  readonly certificateAuthority?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly tlsServerName?: string | undefined;
  /** A file. */
  readonly clientCertificate?: string | undefined;
  /** A file. */
  readonly clientKey?: string | undefined;
  readonly as?: string | undefined;
  readonly asGroup?: readonly string[] | undefined;
  readonly asUid?: string | undefined;
  /** See {@linkcode parseRequestTimeoutMs}. */
  readonly requestTimeout?: string | undefined;
}

/**
 * Decides which server, which credentials and which namespace, by client-go's rules but for two:
 * `--token` replaces the user's own way to log in instead of clashing with it, and a context that
 * names an unknown cluster or user is an error instead of `localhost:8080` or nobody.
 *
 * @throws {KubeconfigError} If the result would not be usable; the message names the entry and field.
 */
export function resolveConnection(kubeconfig: Kubeconfig, flags: ConnectionFlags = {}): Connection {
  const context = selectContext(kubeconfig, flags);
  const contextName = flags.context || kubeconfig.currentContext;
  const clusterName = flags.cluster || context?.cluster;
  const userName = flags.user || context?.user;
  const cluster = selectEntry(kubeconfig.clusters, "cluster", clusterName, contextName);
  const user = selectEntry(kubeconfig.users, "user", userName, contextName);

  const trust = resolveTrust(cluster, clusterName, flags);
  return {
    server: resolveServer(kubeconfig, cluster, clusterName, flags, trust),
    namespace: flags.namespace || context?.namespace || "default",
    trust,
    proxyUrl: resolveProxy(cluster, clusterName),
    authentication: resolveAuthentication(user, userName, flags),
    impersonate: resolveImpersonation(user, flags),
    requestTimeoutMs: flags.requestTimeout === undefined
      ? undefined
      : parseRequestTimeoutMs(flags.requestTimeout),
    execPluginConfig: cluster?.execPluginConfig,
    source: contextName ? `context "${contextName}"` : "the command line",
  };
}

function selectContext(kubeconfig: Kubeconfig, flags: ConnectionFlags): ContextEntry | undefined {
  const name = flags.context || kubeconfig.currentContext;
  if (!name) return undefined;
  const context = kubeconfig.contexts.get(name);
  if (context) return context;
  const known = [...kubeconfig.contexts.keys()].map((known) => `"${known}"`).join(", ") || "none";
  throw new KubeconfigError(
    `Cannot use context "${name}": ${inFiles(kubeconfig)} no such context, only: ${known}`,
  );
}

function selectEntry<T>(
  entries: ReadonlyMap<string, T>,
  kind: "cluster" | "user",
  name: string | undefined,
  contextName: string | undefined,
): T | undefined {
  if (!name) return undefined;
  const entry = entries.get(name);
  if (entry) return entry;
  const where = contextName ? ` of context "${contextName}"` : "";
  throw new KubeconfigError(
    `Cannot use ${kind} "${name}"${where}: the kubeconfig has no ${kind} of that name`,
  );
}

/** The server's URL; without a scheme it is https if anything is said about TLS, as in client-go. */
function resolveServer(
  kubeconfig: Kubeconfig,
  cluster: ClusterEntry | undefined,
  clusterName: string | undefined,
  flags: ConnectionFlags,
  trust: ServerTrust,
): string {
  const written = flags.server || cluster?.server;
  if (!written) {
    throw new KubeconfigError(
      cluster
        ? `Cannot use cluster "${clusterName}" of "${cluster.file}": server is missing`
        : `Cannot choose a cluster: ${inFiles(kubeconfig)} no current-context: ` +
          "use --context, or kubectl config use-context",
    );
  }
  const secure = trust.insecure || trust.certificateAuthority !== undefined;
  const full = /^https?:\/\//i.test(written)
    ? written
    : `${secure ? "https" : "http"}://${written}`;
  const url = URL.parse(full);
  if (!url || url.search || url.hash) {
    const where = flags.server ? "--server" : `server of cluster "${clusterName}"`;
    throw new KubeconfigError(`Cannot use ${where}: "${written}" is not the URL of a server`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/**
 * `--insecure-skip-tls-verify` and `--certificate-authority` replace all that the cluster says about
 * trust; `--server` drops its `tls-server-name`, which belongs to another machine.
 */
function resolveTrust(
  cluster: ClusterEntry | undefined,
  clusterName: string | undefined,
  flags: ConnectionFlags,
): ServerTrust {
  const serverName = flags.tlsServerName || flags.server
    ? flags.tlsServerName
    : cluster?.tlsServerName;
  const replaced = flags.insecureSkipTlsVerify || flags.certificateAuthority;
  const certificateAuthority = flags.certificateAuthority
    ? { file: resolve(flags.certificateAuthority) }
    : replaced
    ? undefined
    : cluster?.certificateAuthority;
  const insecure = replaced
    ? flags.insecureSkipTlsVerify ?? false
    : cluster?.insecureSkipTlsVerify ?? false;
  if (insecure && certificateAuthority) {
    const where = replaced ? "the command line" : `cluster "${clusterName}" of "${cluster?.file}"`;
    throw new KubeconfigError(
      `Cannot trust by ${where}: insecure-skip-tls-verify and certificate-authority exclude each other`,
    );
  }
  return { certificateAuthority, serverName: serverName || undefined, insecure };
}

function resolveProxy(
  cluster: ClusterEntry | undefined,
  clusterName: string | undefined,
): string | undefined {
  if (!cluster?.proxyUrl) return undefined;
  const url = URL.parse(cluster.proxyUrl);
  if (url && ["http:", "https:", "socks5:"].includes(url.protocol)) return cluster.proxyUrl;
  // The value is not quoted: a proxy URL may hold a password.
  throw new KubeconfigError(
    `Cannot use cluster "${clusterName}" of "${cluster.file}": ` +
      "proxy-url must be a URL that starts with http://, https:// or socks5://",
  );
}

function resolveAuthentication(
  user: UserEntry | undefined,
  userName: string | undefined,
  flags: ConnectionFlags,
): Authentication {
  const fail = (problem: string) =>
    new KubeconfigError(`Cannot log in as user "${userName}" of "${user?.file}": ${problem}`);
  const certificate = flags.clientCertificate
    ? { file: resolve(flags.clientCertificate) }
    : user?.clientCertificate;
  const key = flags.clientKey ? { file: resolve(flags.clientKey) } : user?.clientKey;
  if (certificate && !key) throw fail("client-certificate is given, but client-key is missing");
  const clientCertificate = certificate && key ? { certificate, key } : undefined;
  if (flags.token) return { clientCertificate, token: flags.token };
  if (!user) return { clientCertificate };

  const { token, tokenFile, username, password } = user;
  const basic = username === undefined ? undefined : { username, password: password ?? "" };
  if (basic && (token || tokenFile)) throw fail("token and username exclude each other");
  if (user.authProvider) {
    throw fail(
      `auth-provider "${user.authProvider}" is no longer supported: use the exec plugin of your vendor`,
    );
  }
  // A fixed credential beats the plugin, as in client-go, and the plugin is then not even looked at.
  const exec = token || tokenFile || basic ? undefined : user.exec?.();
  return { clientCertificate, token, tokenFile, basic, exec };
}

function resolveImpersonation(
  user: UserEntry | undefined,
  flags: ConnectionFlags,
): Impersonation | undefined {
  const own = user?.impersonate;
  const groups = flags.asGroup?.length ? flags.asGroup : own?.groups ?? [];
  const uid = flags.asUid || own?.uid;
  const extra = own?.extra ?? {};
  const name = flags.as || own?.user;
  if (name) return { user: name, uid, groups, extra };
  if (groups.length > 0 || uid || Object.keys(extra).length > 0) {
    throw new KubeconfigError(
      "Cannot impersonate a group, uid or extra field alone: use --as to name the user too",
    );
  }
  return undefined;
}

function inFiles(kubeconfig: Kubeconfig): string {
  if (kubeconfig.files.length === 0) return "there is no kubeconfig and so";
  return `${kubeconfig.files.map((file) => `"${file}"`).join(", ")} has`;
}
