/**
 * Connections over real sockets, with real certificates.
 *
 * @module
 */

import { createKubeClient } from "../../kube/client.ts";
import type { Connector } from "../../kube/connector.ts";
import { KubeConnectionError, toMessage } from "../../kube/errors.ts";
import { createFetchConnector } from "../../kube/fetch_connector.ts";
import type { Credential, KubeTransport } from "../../kube/transport.ts";
import { type Clock, systemClock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import type { ApiEndpoint, Connect, KubeletCredential } from "./connect.ts";

/** What {@linkcode createTlsConnect} needs. */
export interface TlsConnectDeps {
  readonly random: Random;
  /** For time limits of requests. @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/** Makes connections by TLS to the address in the user data, trusting only the CA in the user data. */
export function createTlsConnect(deps: TlsConnectDeps): Connect {
  return (endpoint, credential) =>
    createKubeClient({
      transport: createTlsTransport(endpoint, credential),
      clock: deps.clock ?? systemClock,
      random: deps.random,
      userAgent: "kubelet",
    });
}

function createTlsTransport(endpoint: ApiEndpoint, from: KubeletCredential): KubeTransport {
  const server = `https://${endpoint.host}`;
  const credential: Credential = {
    headers: from.kind === "token" ? [["authorization", `Bearer ${from.token}`]] : [],
    certificate: from.kind === "certificate" ? from : undefined,
  };
  let connector: Connector | undefined;
  const drop = () => {
    connector?.close();
    connector = undefined;
  };
  return {
    authenticate: () => Promise.resolve(credential),
    async send(request, { headers, certificate }) {
      try {
        connector ??= createFetchConnector({
          server,
          caPem: endpoint.caPem,
          serverName: undefined,
          insecure: false,
          proxyUrl: undefined,
          certificate,
        });
        return await connector.send(request, [...request.headers, ...headers]);
      } catch (error) {
        request.signal.throwIfAborted();
        throw new KubeConnectionError(`Cannot reach ${server}: ${toMessage(error)}`, {
          cause: error,
        });
      }
    },
    dropConnections: drop,
    close: drop,
  };
}
