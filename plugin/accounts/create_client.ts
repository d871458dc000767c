/**
 * Clients of vendors' APIs, for commands that ask the clouds themselves.
 *
 * @module
 */

import type { Provider } from "../../providers/contract.ts";
import { createProvider, findRegistration, parseProviderName } from "../../providers/registry.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import type { PluginDeps } from "../deps.ts";

/** What a client is built on. */
export type ClientDeps = Pick<PluginDeps, "clock" | "random" | "fetch" | "env">;

/**
 * Stands for the cluster in names and tags. Only launches and the question whose a machine is look at
 * it, and the plugin does neither.
 */
const clusterId = "plugin";

/** How long one cloud may take for all that is asked of it, repeats included: people are waiting. */
export const cloudPatienceMs = 30_000;

/**
 * A client for the account of an entry; `TGP_LAMBDA_URL` and its like replace the vendor's address.
 *
 * @throws {RangeError} For a cloud that is not supported, or an address that cannot be used.
 * @throws {ProviderError} For a key that cannot be sent, or a missing block.
 */
export function createClient(deps: ClientDeps, entry: ProviderEntry, apiKey: string): Provider {
  const { clock, random, fetch, env } = deps;
  const name = parseProviderName(entry.provider ?? entry.name);
  const baseUrl = env(findRegistration(name).urlVariable);
  const ports = { clock, random, fetch, log: silentLog, metrics: silentMetrics };
  return createProvider(entry, { ...ports, apiKey, clusterId, baseUrl });
}

/** What to say when a cloud took too long. */
export function describeSilence(entry: ProviderEntry): string {
  const { urlVariable } = findRegistration(parseProviderName(entry.provider ?? entry.name));
  return `no complete answer within ${
    cloudPatienceMs / 1000
  }s; check the network, or ${urlVariable}`;
}
