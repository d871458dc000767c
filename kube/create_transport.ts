/**
 * The real transport: credentials, TLS, sockets.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import type { Connector, ConnectorOptions } from "./connector.ts";
import type { CredentialDeps } from "./credential_source.ts";
import { createCredentialSource } from "./credentials.ts";
import { KubeconfigError, KubeConnectionError, KubeCredentialError, toMessage } from "./errors.ts";
import { createFetchConnector } from "./fetch_connector.ts";
import { loadPem } from "./load_pem.ts";
import type { ClientCertificate, KubeTransport } from "./transport.ts";

/** Creates a transport for a connection. Opens nothing until the first request. */
export function createTransport(deps: CredentialDeps, connection: Connection): KubeTransport {
  const credentials = createCredentialSource(deps, connection);
  let pool: { readonly key: string; readonly connector: Promise<Connector> } | undefined;
  let closed = false;

  const drop = () => {
    // Opening may have failed; then whoever waited for it has been told.
    pool?.connector.then((connector) => connector.close(), () => {});
    pool = undefined;
  };
  const selectConnector = async (
    certificate: ClientCertificate | undefined,
  ): Promise<Connector> => {
    if (closed) {
      throw new KubeConnectionError(`Cannot reach ${connection.server}: client is closed`);
    }
    const key = certificate?.certificatePem ?? "";
    // A renewed certificate takes new connections: TLS has shown the old one on those that are open.
    if (pool?.key !== key) drop();
    pool ??= { key, connector: openConnector(deps, connection, certificate) };
    return await pool.connector;
  };

  return {
    authenticate: (signal, refused) => credentials.get(signal, refused),
    async send(request, credential) {
      const connector = await selectConnector(credential.certificate).catch((error) => {
        // Perhaps a file is put right: the next request reads it again.
        drop();
        throw error;
      });
      try {
        return await connector.send(request, [...request.headers, ...credential.headers]);
      } catch (error) {
        request.signal.throwIfAborted();
        throw toConnectionError(connection, error);
      }
    },
    dropConnections() {
      pool?.connector.then((connector) => connector.dropIdle(), () => {});
    },
    close() {
      closed = true;
      drop();
    },
  };
}

async function openConnector(
  deps: CredentialDeps,
  connection: Connection,
  certificate: ClientCertificate | undefined,
): Promise<Connector> {
  const { server, trust, proxyUrl } = connection;
  const { serverName, insecure } = trust;
  const caPem = trust.certificateAuthority &&
    await loadPem(deps.system, trust.certificateAuthority);
  if (caPem !== undefined && !caPem.includes("-----BEGIN CERTIFICATE-----")) {
    // Deno would silently trust the platform's roots instead.
    throw new KubeCredentialError(
      `Cannot use the certificate-authority of ${connection.source}: it holds no PEM certificate`,
    );
  }
  const options: ConnectorOptions = { server, caPem, serverName, insecure, proxyUrl, certificate };
  try {
    const special = server.startsWith("https:") && (serverName !== undefined || insecure);
    if (!special) return createFetchConnector(options);
    const { createHttpsConnector } = await import("./https_connector.ts");
    return createHttpsConnector(options);
  } catch (error) {
    if (error instanceof KubeconfigError) throw error;
    throw new KubeCredentialError(
      `Cannot use the certificates of ${connection.source}: ${toMessage(error)}`,
    );
  }
}

function toConnectionError(connection: Connection, error: unknown): KubeConnectionError {
  if (error instanceof KubeConnectionError) return error;
  const proxy = connection.proxyUrl && URL.parse(connection.proxyUrl)?.host;
  const path = proxy ? `${connection.server} through the proxy ${proxy}` : connection.server;
  return new KubeConnectionError(`Cannot reach ${path}: ${toReason(error)}`, { cause: error });
}

/** What happened, without the words around it that say that it happened. */
function toReason(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  return toMessage(cause ?? error)
    .replace(/^error sending request .*?\(.*?\): /, "")
    .replace(/^client error \(\w+\): /, "");
}
