/**
 * Reads what one Lambda account can buy, and for how much.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { LambdaOptions } from "../../schemas/clouds/lambda.ts";
import type { Offer, OfferPrice, OfferScope } from "../contract.ts";
import { ProviderError } from "../errors.ts";
import { RegionIndex } from "../offers/region_index.ts";
import type { Redact } from "../redact.ts";
import type { LambdaClient } from "./client.ts";
import { toLocation } from "./map.ts";
import { toOfferGpu, toOfferPrice, toOffers } from "./offers.ts";
import { type AllowsPlace, needsPlacement, selectPlaces } from "./placement.ts";
import { lambdaRegionCountries } from "./regions.ts";
import { instanceTypesItemSchema, type WireInstanceTypesItem } from "./wire.ts";

/** Images, filesystems and rulesets change by hand: reading them with every price list is waste. */
const placementMaxAgeMs = 10 * 60_000;

/** What {@linkcode OfferReader} is built on. */
export interface OfferReaderDeps {
  readonly client: LambdaClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: Redact;
}

/** Whose offers. */
export interface OfferReaderOptions {
  readonly account: string;
  /** Regions to buy in; all when absent. */
  readonly regions: readonly string[] | undefined;
  readonly lambda: LambdaOptions;
}

/** Reads offers and prices, and learns region codes on the way. */
export class OfferReader {
  readonly #deps: OfferReaderDeps;
  readonly #options: OfferReaderOptions;
  readonly #regions = new RegionIndex("Lambda", toLocation, Object.keys(lambdaRegionCountries));
  #places: { readonly allows: AllowsPlace; readonly readAt: number } | undefined;

  constructor(deps: OfferReaderDeps, options: OfferReaderOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** See `Provider.listOffers`. */
  async listOffers(scope: OfferScope, signal: AbortSignal): Promise<readonly Offer[]> {
    const allows = await this.#readPlaces(signal);
    const items = await this.#readTypes(signal);
    const offers = toOffers(items, {
      account: this.#options.account,
      regions: this.#options.regions,
      allows,
      readAt: this.#deps.clock.now(),
    });
    const region = scope.region === undefined ? undefined : this.#regions.read(scope.region);
    return offers.filter((offer) =>
      (scope.gpuModel === undefined || offer.gpu?.model === scope.gpuModel) &&
      (region === undefined || offer.location.region === region)
    );
  }

  /** See `Provider.getPricing`. */
  async getPricing(gpuModel: string, region: string, signal: AbortSignal): Promise<OfferPrice> {
    const native = this.#regions.read(region);
    const items = await this.#readTypes(signal);
    const readAt = this.#deps.clock.now();
    // A price is the type's, the same everywhere; only a code that nobody knows is refused.
    const sold = this.#regions.has(native)
      ? items.filter((item) => toOfferGpu(item)?.model === gpuModel)
      : [];
    const [cheapest] = sold.sort((left, right) =>
      left.instance_type.specs.gpus - right.instance_type.specs.gpus ||
      left.instance_type.price_cents_per_hour - right.instance_type.price_cents_per_hour
    );
    if (cheapest === undefined) {
      throw new ProviderError(
        `Cannot price GPU "${gpuModel}" in "${region}": account "${this.#options.account}" does not sell it there`,
        { kind: "not_found", account: this.#options.account, operation: "getPricing" },
      );
    }
    return toOfferPrice(cheapest, readAt);
  }

  /** See `Provider.toNativeRegion`. */
  toNativeRegion(label: string): string {
    return this.#regions.toNative(label);
  }

  /** Machine types; a row that cannot be read is left out and logged, and is never bought. */
  async #readTypes(signal: AbortSignal): Promise<readonly WireInstanceTypesItem[]> {
    const rows = Object.entries(await this.#deps.client.listInstanceTypes(signal));
    const items: WireInstanceTypesItem[] = [];
    for (const [name, row] of rows) {
      const parsed = instanceTypesItemSchema.safeParse(row);
      if (parsed.success) items.push(parsed.data);
      else {
        this.#deps.log.warn("Machine type left out: not as documented", {
          account: this.#options.account,
          instanceType: this.#deps.redact(name),
        });
      }
    }
    if (items.length === 0 && rows.length > 0) {
      throw new ProviderError(
        `Cannot list machine types: Lambda's answer is not as documented: none of ${rows.length} types can be read`,
        { kind: "unknown", account: this.#options.account, operation: "listInstanceTypes" },
      );
    }
    for (const item of items) {
      this.#regions.learn(item.regions_with_capacity_available.map((region) => region.name));
    }
    return items;
  }

  async #readPlaces(signal: AbortSignal): Promise<AllowsPlace> {
    if (!needsPlacement(this.#options.lambda)) return () => true;
    const now = this.#deps.clock.now();
    if (this.#places !== undefined && now - this.#places.readAt < placementMaxAgeMs) {
      return this.#places.allows;
    }
    const { filesystems, firewallRulesetIDs, imageFamily, imageID } = this.#options.lambda;
    const allows = selectPlaces(this.#options.lambda, {
      filesystems: filesystems?.length ? await this.#deps.client.listFilesystems(signal) : [],
      rulesets: firewallRulesetIDs?.length
        ? await this.#deps.client.listFirewallRulesets(signal)
        : [],
      images: imageFamily ?? imageID ? await this.#deps.client.listImages(signal) : [],
    });
    if ("problem" in allows) {
      throw new ProviderError(`Cannot use account "${this.#options.account}": ${allows.problem}`, {
        kind: "invalid_request",
        account: this.#options.account,
        operation: "listOffers",
      });
    }
    this.#places = { allows, readAt: now };
    return allows;
  }
}
