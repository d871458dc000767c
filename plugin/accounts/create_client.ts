/**
 * Clients of vendors' APIs, for commands that ask the clouds themselves.
 *
 * @module
 */

import type { Provider } from "../../providers/contract.ts";
import { createProvider, findRegistration, parseProviderName } from "../../providers/registry.ts";
import { type Log, silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import type { PluginDeps } from "../deps.ts";

/** What a client is built on. */
export type ClientDeps = Pick<PluginDeps, "clock" | "random" | "fetch" | "env">;

/** Stands for the cluster where it does not matter whose a machine is: no cluster is called so. */
export const noClusterId = "no-one";

/** How long one cloud may take for all that is asked of it, repeats included: people are waiting. */
export const cloudPatienceMs = 30_000;

/** What may be told to a client. */
export interface ClientOptions {
  /** The six characters in the names of this cluster's machines. @default {noClusterId} */
  readonly clusterId?: string;
  /** @default {silentLog} */
  readonly log?: Log;
}

/**
 * A client for the account of an entry; `TGP_LAMBDA_URL` and its like replace the vendor's address.
 *
 * @throws {RangeError} For a cloud that is not supported, or an address that cannot be used.
 * @throws {ProviderError} For a key that cannot be sent, or a missing block.
 */
export function createClient(
  deps: ClientDeps,
  entry: ProviderEntry,
  apiKey: string,
  options: ClientOptions = {},
): Provider {
  const { clock, random, fetch, env } = deps;
  const { clusterId = noClusterId, log = silentLog } = options;
  const name = parseProviderName(entry.provider ?? entry.name);
  const baseUrl = env(findRegistration(name).urlVariable);
  const ports = { clock, random, fetch, log, metrics: silentMetrics };
  return createProvider(entry, { ...ports, apiKey, clusterId, baseUrl });
}

/** What to say when a cloud took too long. */
export function describeSilence(entry: ProviderEntry): string {
  const { urlVariable } = findRegistration(parseProviderName(entry.provider ?? entry.name));
  return `no complete answer within ${
    cloudPatienceMs / 1000
  }s; check the network, or ${urlVariable}`;
}
