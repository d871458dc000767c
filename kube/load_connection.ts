/**
 * The connection a command or controller should use.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import { isInCluster, loadInClusterConnection } from "./in_cluster.ts";
import { loadKubeconfig } from "./load_kubeconfig.ts";
import { type ConnectionFlags, resolveConnection } from "./resolve_connection.ts";
import type { KubeSystem } from "./system.ts";

/**
 * Decides how to reach the API server: by the kubeconfig and the flags, and in a Pod without any
 * kubeconfig and without `--server` by the service account.
 *
 * @throws {KubeconfigError} If there is no usable configuration; the message names file and field.
 */
export async function loadConnection(
  system: Pick<KubeSystem, "env" | "readTextFile">,
  flags: ConnectionFlags = {},
): Promise<Connection> {
  const kubeconfig = await loadKubeconfig(system, flags.kubeconfig);
  const empty = kubeconfig.clusters.size === 0 && kubeconfig.contexts.size === 0;
  if (empty && !flags.kubeconfig && !flags.server && isInCluster(system)) {
    const connection = await loadInClusterConnection(system);
    return flags.namespace ? { ...connection, namespace: flags.namespace } : connection;
  }
  return resolveConnection(kubeconfig, flags);
}
