/**
 * Connects to the API server as kubectl would.
 *
 * @module
 */

import { createKubeClient } from "../kube/client.ts";
import { createTransport } from "../kube/create_transport.ts";
import { loadConnection } from "../kube/load_connection.ts";
import type { KubeSystem } from "../kube/system.ts";
import { toUserAgent } from "../kube/user_agent.ts";
import type { Clock } from "../runtime/clock.ts";
import { silentLog } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import type { KubeSession } from "./deps.ts";
import type { GlobalFlags } from "./global_flags.ts";
import { pluginVersion } from "./version_number.ts";

/**
 * A client for the cluster that the flags and the kubeconfig name.
 *
 * @throws {KubeconfigError} If there is no usable configuration; the message names file and field.
 */
export async function connect(
  flags: GlobalFlags,
  deps: {
    readonly system: KubeSystem;
    /** For time limits. */
    readonly clock: Clock;
    readonly random: Random;
    /** Told the `Date` header of every answer. */
    readonly onDate: (date: string | null) => void;
  },
): Promise<KubeSession> {
  const connection = await loadConnection(deps.system, flags);
  const transport = createTransport({ ...deps, log: silentLog }, connection);
  return createKubeClient({
    transport: {
      ...transport,
      async send(request, credential) {
        const response = await transport.send(request, credential);
        deps.onDate(response.headers.get("date"));
        return response;
      },
    },
    clock: deps.clock,
    random: deps.random,
    userAgent: toUserAgent("kubectl-tgp", pluginVersion),
    requestTimeoutMs: connection.requestTimeoutMs,
  });
}
