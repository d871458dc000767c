/**
 * Asks the clouds themselves, with the API keys in the environment.
 *
 * @module
 */

import { gatePrices } from "../../providers/catalog/gate_prices.ts";
import { mergeOffers } from "../../providers/catalog/merge_offers.ts";
import type { Offer } from "../../providers/contract.ts";
import { ProviderError } from "../../providers/errors.ts";
import {
  createProvider,
  findRegistration,
  providerNames,
  type ProviderRegistration,
} from "../../providers/registry.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import type { PluginDeps } from "../deps.ts";
import { UsageError } from "../plugin_error.ts";
import type { OfferReading, OfferSource } from "./offer_sources.ts";

/** How long one cloud may take, retries included, in milliseconds: people are waiting. */
const deadlineMs = 30_000;

/**
 * Reads the offers of every cloud that has a key; a cloud that fails is a failed source.
 *
 * @throws {UsageError} If there is no key at all.
 */
export async function readLocalOffers(deps: PluginDeps): Promise<OfferReading> {
  const registrations = providerNames.map(findRegistration);
  const keyed = registrations.filter(({ apiKeyVariable }) => deps.env(apiKeyVariable));
  if (keyed.length === 0) {
    const variables = registrations.map(({ apiKeyVariable }) => apiKeyVariable).join(", ");
    throw new UsageError(`--local needs an API key in the environment: set ${variables}`);
  }
  const readings = await Promise.all(keyed.map((registration) => readOne(deps, registration)));
  return {
    sources: readings.map(({ source }) => source),
    offers: mergeOffers(readings.map(({ offers }) => offers)),
  };
}

async function readOne(
  deps: PluginDeps,
  registration: ProviderRegistration,
): Promise<{ readonly source: OfferSource; readonly offers: readonly Offer[] }> {
  const { name } = registration;
  const source = { provider: name, account: name, nodeClass: undefined, unauthorized: false };
  try {
    const offers = await listOffers(deps, registration);
    const readAt = deps.clock.now();
    return {
      source: { ...source, state: "ok", readAt, error: undefined },
      offers: gatePrices([], offers),
    };
  } catch (error) {
    const unauthorized = error instanceof ProviderError && error.kind === "unauthorized";
    const message = error instanceof Error ? error.message : String(error);
    return {
      source: { ...source, state: "failed", readAt: undefined, error: message, unauthorized },
      offers: [],
    };
  }
}

async function listOffers(
  deps: PluginDeps,
  registration: ProviderRegistration,
): Promise<readonly Offer[]> {
  const { name, apiKeyVariable, urlVariable } = registration;
  const provider = createProvider({
    name,
    credentialsRef: { name: "environment", key: apiKeyVariable },
    // Required where machines are launched; nothing is launched here.
    lambda: { sshKeyName: "none" },
  }, {
    apiKey: deps.env(apiKeyVariable) ?? "",
    clusterId: "plugin",
    fetch: deps.fetch,
    baseUrl: deps.env(urlVariable),
    clock: deps.clock,
    random: deps.random,
    log: silentLog,
    metrics: silentMetrics,
  });
  const giveUp = new AbortController();
  const answered = new AbortController();
  const timer = deps.clock.sleep(deadlineMs, answered.signal).then(
    () =>
      giveUp.abort(
        new Error(
          `no complete answer within ${deadlineMs / 1000}s; check the network, or ${urlVariable}`,
        ),
      ),
    () => {},
  );
  try {
    return await provider.listOffers({}, giveUp.signal);
  } finally {
    answered.abort();
    await timer;
  }
}
