/**
 * Reads what one RunPod account can buy, and for how much.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Offer, OfferPrice, OfferScope } from "../contract.ts";
import { ProviderError } from "../errors.ts";
import { RegionIndex } from "../offers/region_index.ts";
import type { RunpodApi, RunpodCatalog, RunpodCloud } from "./api.ts";
import { toOfferGpu } from "./gpus.ts";
import { toOfferPrice, toOffers } from "./offers.ts";
import {
  isCountry,
  runpodCountries,
  runpodDataCenterCountries,
  toLocation,
  toRunpodPlace,
} from "./regions.ts";

/** What {@linkcode OfferReader} is built on. */
export interface OfferReaderDeps {
  readonly api: RunpodApi;
  readonly clock: Clock;
}

/** Whose offers. */
export interface OfferReaderOptions {
  readonly account: string;
  readonly cloud: RunpodCloud;
  /** Places to buy in, as RunPod writes them; all when absent. */
  readonly places: readonly string[] | undefined;
  /** Whether the protocol can name the country on COMMUNITY. */
  readonly placesByCountry: boolean;
}

/** Reads offers and prices, and learns places on the way. */
export class OfferReader {
  readonly #deps: OfferReaderDeps;
  readonly #options: OfferReaderOptions;
  readonly #regions: RegionIndex;

  constructor(deps: OfferReaderDeps, options: OfferReaderOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#regions = new RegionIndex("RunPod", toLocation, [
      ...Object.keys(runpodDataCenterCountries),
      ...runpodCountries,
    ]);
  }

  /** See `Provider.listOffers`. */
  async listOffers(scope: OfferScope, signal: AbortSignal): Promise<readonly Offer[]> {
    const { account, places } = this.#options;
    const offers = toOffers(await this.#read(signal), {
      account,
      places,
      readAt: this.#deps.clock.now(),
    });
    const region = scope.region === undefined ? undefined : this.#toPlace(scope.region);
    return offers.filter((offer) =>
      (scope.gpuModel === undefined || offer.gpu?.model === scope.gpuModel) &&
      (region === undefined || offer.location.region === region)
    );
  }

  /** See `Provider.getPricing`. A price is the type's, the same at every place of its cloud. */
  async getPricing(gpuModel: string, region: string, signal: AbortSignal): Promise<OfferPrice> {
    const catalog = await this.#read(signal);
    const readAt = this.#deps.clock.now();
    const place = this.#toPlace(region);
    const sold = catalog.gpus.filter((gpu) =>
      toOfferGpu(gpu, 1).model === gpuModel && this.#isSoldAt(place, gpu.id, catalog)
    );
    const [cheapest] = [...sold].sort((left, right) => left.pricePerGpu - right.pricePerGpu);
    if (cheapest === undefined) {
      throw this.#fail(
        "not_found",
        `Cannot price GPU "${gpuModel}" in "${region}": account "${this.#options.account}" does not sell it there`,
        "getPricing",
      );
    }
    return toOfferPrice(cheapest.pricePerGpu, 1, readAt);
  }

  /** See `Provider.toNativeRegion`. */
  toNativeRegion(label: string): string {
    return this.#regions.toNative(label);
  }

  async #read(signal: AbortSignal): Promise<RunpodCatalog> {
    const { account, cloud, places, placesByCountry } = this.#options;
    if (cloud === "COMMUNITY" && places !== undefined && !placesByCountry) {
      throw this.#fail(
        "invalid_request",
        `Cannot use account "${account}": RunPod's REST API cannot place Community pods by country; ` +
          "remove regions or set runpod.protocol to GraphQL",
        "listOffers",
      );
    }
    const catalog = await this.#deps.api.readCatalog(places, signal);
    this.#regions.learn(catalog.stock.flatMap(({ place }) => place ?? []));
    return catalog;
  }

  /** Reads a label as well as RunPod's own code, in any case. */
  #toPlace(region: string): string {
    return toRunpodPlace(this.#regions.read(region));
  }

  /** Where RunPod names no place, it may be any that is known and of the account's cloud. */
  #isSoldAt(place: string, gpuId: string, { stock }: RunpodCatalog): boolean {
    const named = stock.filter((entry) => entry.gpuId === gpuId && entry.place !== undefined);
    if (named.length > 0) return named.some((entry) => entry.place === place);
    return this.#regions.has(place) && isCountry(place) === (this.#options.cloud === "COMMUNITY");
  }

  #fail(kind: "not_found" | "invalid_request", message: string, operation: string): ProviderError {
    return new ProviderError(message, { kind, account: this.#options.account, operation });
  }
}
