/**
 * Reads what one Paperspace account can buy, and for how much.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { PaperspaceOptions } from "../../schemas/clouds/paperspace.ts";
import type { Offer, OfferPrice, OfferScope } from "../contract.ts";
import { ProviderError } from "../errors.ts";
import { RegionIndex } from "../offers/region_index.ts";
import { type OfferList, toOffers } from "./offers.ts";
import type { Placement, PlacementReader } from "./placement_reader.ts";
import { regionCodes, toLocation, toRegionCode } from "./regions.ts";

/** What {@linkcode OfferReader} is built on. */
export interface OfferReaderDeps {
  readonly placements: PlacementReader;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whose offers. */
export interface OfferReaderOptions {
  readonly account: string;
  /** Regions to buy in, as codes or long names; all when absent. */
  readonly regions: readonly string[] | undefined;
  readonly paperspace: PaperspaceOptions;
}

/** Reads offers and prices: one list of templates tells of all types. */
export class OfferReader {
  readonly #deps: OfferReaderDeps;
  readonly #options: OfferReaderOptions;
  readonly #regions = new RegionIndex("Paperspace", toLocation, regionCodes);
  /** Said once each, not with every refresh. */
  readonly #unpriced = new Set<string>();

  constructor(deps: OfferReaderDeps, options: OfferReaderOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** See `Provider.listOffers`. */
  async listOffers(scope: OfferScope, signal: AbortSignal): Promise<readonly Offer[]> {
    const { offers, unpriced } = this.#toOffers(await this.#deps.placements.read("list", signal));
    for (const instanceType of unpriced) {
      if (this.#unpriced.has(instanceType)) continue;
      this.#unpriced.add(instanceType);
      this.#deps.log.warn("Machine type left out: it has no price in our table", {
        account: this.#options.account,
        instanceType,
      });
    }
    const region = scope.region === undefined ? undefined : this.#read(scope.region);
    return offers.filter((offer) =>
      (scope.gpuModel === undefined || offer.gpu?.model === scope.gpuModel) &&
      (region === undefined || offer.location.region === region)
    );
  }

  /** See `Provider.getPricing`. */
  async getPricing(gpuModel: string, region: string, signal: AbortSignal): Promise<OfferPrice> {
    const { offers } = this.#toOffers(await this.#deps.placements.get("list", signal));
    const native = this.#read(region);
    const [cheapest] = offers
      .filter((offer) => offer.gpu?.model === gpuModel && offer.location.region === native)
      .sort((left, right) =>
        (left.gpu?.count ?? 0) - (right.gpu?.count ?? 0) || left.price.perHour - right.price.perHour
      );
    if (cheapest === undefined) {
      throw new ProviderError(
        `Cannot price GPU "${gpuModel}" in "${region}": account "${this.#options.account}" does not sell it there`,
        { kind: "not_found", account: this.#options.account, operation: "getPricing" },
      );
    }
    return cheapest.price;
  }

  /** See `Provider.toNativeRegion`. */
  toNativeRegion(label: string): string {
    return this.#regions.toNative(label);
  }

  #toOffers(placement: Placement): OfferList {
    return toOffers(placement, {
      account: this.#options.account,
      regions: this.#options.regions?.map(toRegionCode),
      options: this.#options.paperspace,
      readAt: this.#deps.clock.now(),
    });
  }

  /** Reads our label, the vendor's code and its long name. */
  #read(region: string): string {
    return toRegionCode(this.#regions.read(region));
  }
}
