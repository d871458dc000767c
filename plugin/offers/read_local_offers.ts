/**
 * Asks the clouds themselves, side by side, with the API keys in the environment.
 *
 * @module
 */

import { gatePrices } from "../../providers/catalog/gate_prices.ts";
import { mergeOffers } from "../../providers/catalog/merge_offers.ts";
import type { Offer } from "../../providers/contract.ts";
import { ProviderError } from "../../providers/errors.ts";
import { toClassOfferId } from "../../providers/offer_id.ts";
import { cloudPatienceMs, createClient, describeSilence } from "../accounts/create_client.ts";
import { findLocalAccounts, type LocalAccount } from "../accounts/local_accounts.ts";
import type { PluginDeps } from "../deps.ts";
import { withPatience } from "../patience.ts";
import type { NameFilter } from "./offer_filters.ts";
import type { OfferReading, OfferSource } from "./offer_sources.ts";

/** Which offers are meant. */
export interface LocalOfferScope {
  /** Clouds to ask. @default all */
  readonly clouds?: NameFilter | undefined;
  /**
   * The GPUNodeClass as which they are read: offers have the ids then that the class's controller publishes
   * for entries that are called like their clouds.
   */
  readonly nodeClass?: string | undefined;
}

/**
 * Reads the offers of every cloud that has a key; a cloud that fails, or takes too long, is a failed
 * source and delays no other.
 *
 * @throws {UsageError} If there is no key at all, or none for a cloud that is wanted by name.
 */
export async function readLocalOffers(
  deps: PluginDeps,
  { clouds, nodeClass }: LocalOfferScope = {},
): Promise<OfferReading> {
  const accounts = findLocalAccounts(deps, clouds?.only)
    .filter(({ name }) => !clouds?.without.includes(name));
  const readings = await Promise.all(accounts.map((account) => readOne(deps, account)));
  const lists = readings.map(({ offers }) =>
    nodeClass === undefined
      ? offers
      : offers.map((offer) => ({ ...offer, id: toClassOfferId(offer.id, nodeClass) }))
  );
  // A cloud alone may have one row of a model: what is usual, all of them say together.
  const gated = lists.map((offers) =>
    gatePrices([], offers, lists.filter((other) => other !== offers).flat())
  );
  const sources = readings.map(({ source }) => ({ ...source, nodeClass }));
  return { sources, offers: mergeOffers(gated) };
}

async function readOne(
  deps: PluginDeps,
  account: LocalAccount,
): Promise<{ readonly source: OfferSource; readonly offers: readonly Offer[] }> {
  const { name } = account;
  const source = { provider: name, account: name, nodeClass: undefined, unauthorized: false };
  try {
    const offers = await listOffers(deps, account);
    const readAt = deps.clock.now();
    return { source: { ...source, state: "ok", readAt, error: undefined }, offers };
  } catch (error) {
    const unauthorized = error instanceof ProviderError && error.kind === "unauthorized";
    const message = error instanceof Error ? error.message : String(error);
    return {
      source: { ...source, state: "failed", readAt: undefined, error: message, unauthorized },
      offers: [],
    };
  }
}

function listOffers(
  deps: PluginDeps,
  { entry, apiKey }: LocalAccount,
): Promise<readonly Offer[]> {
  const limit = { ms: cloudPatienceMs, message: describeSilence(entry) };
  return withPatience(deps.clock, limit, async (signal) => {
    const provider = createClient(deps, entry, apiKey);
    return await provider.listOffers({}, signal);
  });
}
