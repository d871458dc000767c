/**
 * The connection that Kubernetes gives every Pod.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import { KubeconfigError, toMessage } from "./errors.ts";
import type { KubeSystem } from "./system.ts";

/**
 * Where the kubelet projects the service account, per "Accessing the Kubernetes API from a Pod" in the
 * Kubernetes documentation, read 2026-11.
 */
const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Whether this process runs in a Pod. */
export function isInCluster(system: Pick<KubeSystem, "env">): boolean {
  return Boolean(system.env("KUBERNETES_SERVICE_HOST") && system.env("KUBERNETES_SERVICE_PORT"));
}

/**
 * The service account's connection. The token is a file because the kubelet replaces it about every
 * 50 minutes: it is read again and again.
 *
 * @param folder Where the service account is mounted.
 * @throws {KubeconfigError} If this is no Pod, or one without a service account.
 */
export async function loadInClusterConnection(
  system: Pick<KubeSystem, "env" | "readTextFile">,
  folder: string = serviceAccountFolder,
): Promise<Connection> {
  const host = system.env("KUBERNETES_SERVICE_HOST");
  const port = system.env("KUBERNETES_SERVICE_PORT");
  if (!host || !port) {
    throw new KubeconfigError(
      "Cannot use the service account: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not " +
        "set, so this is not a Pod",
    );
  }
  let namespace: string;
  try {
    namespace = (await system.readTextFile(`${folder}/namespace`)).trim();
  } catch (error) {
    throw new KubeconfigError(
      `Cannot use the service account: ${toMessage(error)}: is automountServiceAccountToken off?`,
    );
  }
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    namespace,
    trust: {
      certificateAuthority: { file: `${folder}/ca.crt` },
      serverName: undefined,
      insecure: false,
    },
    proxyUrl: undefined,
    authentication: { tokenFile: `${folder}/token` },
    impersonate: undefined,
    requestTimeoutMs: undefined,
    execPluginConfig: undefined,
    source: "the service account",
  };
}
