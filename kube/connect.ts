/**
 * From the environment and flags to a client, in one call.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import { createKubeClient, type KubeClient } from "./client.ts";
import type { Connection } from "./connection.ts";
import { createTransport } from "./create_transport.ts";
import { loadConnection } from "./load_connection.ts";
import type { ConnectionFlags } from "./resolve_connection.ts";
import type { KubeSystem } from "./system.ts";

/** What {@linkcode connectKube} needs. */
export interface ConnectDeps {
  readonly system: KubeSystem;
  /** Wall time, even where the rest runs on scaled time. */
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A client and the connection it uses. */
export interface ConnectedKube {
  readonly kube: KubeClient;
  /** Tells, for example, the default namespace. */
  readonly connection: Connection;
  /**
   * How far our clock is behind the API server's, by the last answer, in milliseconds, negative if it is
   * ahead; `undefined` before there was one.
   */
  readonly clockSkewMs: () => number | undefined;
}

/**
 * Finds out where the API server is and who we are, and creates a client. Sends nothing yet.
 *
 * @param options.flags kubectl's flags.
 * @param options.userAgent See {@linkcode toUserAgent}.
 * @throws {KubeconfigError} If there is no usable configuration.
 */
export async function connectKube(
  deps: ConnectDeps,
  options: { readonly flags?: ConnectionFlags; readonly userAgent: string },
): Promise<ConnectedKube> {
  const connection = await loadConnection(deps.system, options.flags);
  const transport = createTransport(deps, connection);
  const { clock, random } = deps;
  const { requestTimeoutMs } = connection;
  let skewMs: number | undefined;
  const kube = createKubeClient({
    transport: {
      ...transport,
      async send(request, credential) {
        const response = await transport.send(request, credential);
        const serverMs = Date.parse(response.headers.get("date") ?? "");
        if (!Number.isNaN(serverMs)) skewMs = serverMs - clock.now();
        return response;
      },
    },
    clock,
    random,
    userAgent: options.userAgent,
    requestTimeoutMs,
  });
  return { kube, connection, clockSkewMs: () => skewMs };
}
