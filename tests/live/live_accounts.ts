/**
 * The real accounts that live tests may use: one per cloud, with its key in the environment.
 *
 * @module
 */

import type { Provider } from "../../providers/contract.ts";
import {
  createProvider,
  findRegistration,
  type ProviderName,
  providerNames,
} from "../../providers/registry.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { systemRandom } from "../../runtime/random.ts";
import { type ProviderEntry, providerEntrySchema } from "../../schemas/node_class.ts";
import { readRecordedClouds, type RecordedCloud } from "../support/recordings.ts";
import { LiveTraffic } from "./live_traffic.ts";

/** Stands for a cluster in names and tags: machines of live tests are told by it. */
export const liveClusterId = "tgplv0";

/** A cloud whose key is there. */
export interface LiveAccount {
  readonly name: ProviderName;
  readonly entry: ProviderEntry;
  readonly apiKey: string;
  /** Replaces the vendor's scheme and host. */
  readonly baseUrl: string | undefined;
  readonly recorded: RecordedCloud;
}

/** What the environment allows. */
export interface LiveSetting {
  readonly accounts: readonly LiveAccount[];
  /** Clouds without a key, and the variable that would hold it. */
  readonly missing: readonly { readonly name: ProviderName; readonly variable: string }[];
}

/**
 * Reads the environment.
 *
 * `TGP_LIVE_<CLOUD>_ENTRY` changes the account's entry of a GPUNodeClass: JSON such as
 * `{"lambda":{"sshKeyName":"mine"}}`.
 *
 * @throws {Error} If an entry cannot be read. Never quotes a key.
 */
export async function readLiveSetting(
  env: (name: string) => string | undefined,
): Promise<LiveSetting> {
  const clouds = await readRecordedClouds();
  const accounts: LiveAccount[] = [];
  const missing: LiveSetting["missing"][number][] = [];
  for (const name of providerNames) {
    const { apiKeyVariable, urlVariable } = findRegistration(name);
    const apiKey = env(apiKeyVariable) ?? "";
    const recorded = clouds.find((cloud) => cloud.name === name);
    if (recorded === undefined) throw new Error(`There are no recordings of ${name}`);
    if (apiKey === "") missing.push({ name, variable: apiKeyVariable });
    else {
      const entry = readEntry(recorded, env(toEntryVariable(name)));
      accounts.push({ name, entry, apiKey, baseUrl: env(urlVariable), recorded });
    }
  }
  return { accounts, missing };
}

/** The variable that changes a cloud's entry. */
export function toEntryVariable(name: ProviderName): string {
  return `TGP_LIVE_${name.toUpperCase()}_ENTRY`;
}

function readEntry({ name, entry }: RecordedCloud, change = "{}"): ProviderEntry {
  try {
    return providerEntrySchema.parse({
      name,
      credentialsRef: { name: "live-keys", key: name },
      ...entry,
      ...JSON.parse(change),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`TGP_LIVE_${name.toUpperCase()}_ENTRY cannot be used: ${why}`);
  }
}

/** An account's client, and what passes between it and the vendor. */
export function connectLive(
  { entry, apiKey, baseUrl }: LiveAccount,
): { readonly provider: Provider; readonly traffic: LiveTraffic } {
  const traffic = new LiveTraffic();
  const provider = createProvider(entry, {
    apiKey,
    clusterId: liveClusterId,
    fetch: traffic.fetch,
    baseUrl,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    metrics: silentMetrics,
  });
  return { provider, traffic };
}
