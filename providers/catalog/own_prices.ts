/**
 * What an account pays where it is less than the list says: a discount that its owner has negotiated.
 *
 * @module
 */

import type { MicroUsd } from "../../schemas/money.ts";
import type {
  AccountCheck,
  AccountIdentity,
  BootTimeouts,
  Instance,
  LaunchOutcome,
  LaunchPermit,
  LaunchRequest,
  Offer,
  OfferLocation,
  OfferPrice,
  OfferScope,
  OpenBreaker,
  Provider,
  ProviderInfo,
  RateLimits,
} from "../contract.ts";

/**
 * The provider with every listed price reduced: of offers, of `getPricing`, and of machines, where theirs
 * is the list's. All else is the provider's own. Offers keep the list price beside theirs, so that a changed discount is not taken for
 * a changed price.
 *
 * @param percent How much less than listed is paid, 0 to 90.
 * @throws {RangeError} For any other number.
 */
export function withOwnPrices(provider: Provider, percent: number): Provider {
  if (!Number.isInteger(percent) || percent < 0 || percent > 90) {
    throw new RangeError(
      `Cannot reduce prices of account "${provider.account}" by ${percent} %: write a whole number from 0 to 90`,
    );
  }
  return percent === 0 ? provider : new OwnPrices(provider, percent);
}

/** What is paid of a listed amount, rounded up to the micro-dollar: estimates err on the dear side. */
export function reduceUsd(amount: MicroUsd, percent: number): MicroUsd {
  // Whole numbers until the last step: 0.1 has no exact binary fraction.
  return Math.ceil((amount * (100 - percent)) / 100) as MicroUsd;
}

function reducePrice(price: OfferPrice, percent: number): OfferPrice {
  return {
    ...price,
    perHour: reduceUsd(price.perHour, percent),
    perGpuHour: reduceUsd(price.perGpuHour, percent),
    listPerHour: price.perHour,
  };
}

class OwnPrices implements Provider {
  readonly account: string;
  readonly #provider: Provider;
  readonly #percent: number;

  constructor(provider: Provider, percent: number) {
    this.account = provider.account;
    this.#provider = provider;
    this.#percent = percent;
  }

  async listOffers(scope: OfferScope, signal: AbortSignal): Promise<readonly Offer[]> {
    const offers = await this.#provider.listOffers(scope, signal);
    return offers.map((offer) => ({ ...offer, price: reducePrice(offer.price, this.#percent) }));
  }

  async getPricing(gpuModel: string, region: string, signal: AbortSignal): Promise<OfferPrice> {
    return reducePrice(await this.#provider.getPricing(gpuModel, region, signal), this.#percent);
  }

  async listInstances(signal: AbortSignal): Promise<readonly Instance[]> {
    const instances = await this.#provider.listInstances(signal);
    return instances.map((instance) => this.#reduceInstance(instance));
  }

  async getInstance(instanceId: string, signal: AbortSignal): Promise<Instance | null> {
    const instance = await this.#provider.getInstance(instanceId, signal);
    return instance === null ? null : this.#reduceInstance(instance);
  }

  #reduceInstance(instance: Instance): Instance {
    const { pricePerHour } = instance;
    // What is billed has the discount in it.
    return pricePerHour === undefined || this.info().instancePrices === "billed"
      ? instance
      : { ...instance, pricePerHour: reduceUsd(pricePerHour, this.#percent) };
  }

  info(): ProviderInfo {
    return this.#provider.info();
  }

  rateLimits(): RateLimits {
    return this.#provider.rateLimits();
  }

  bootTimeouts(gpuCount: number): BootTimeouts {
    return this.#provider.bootTimeouts(gpuCount);
  }

  acquireLaunch(signal: AbortSignal): Promise<LaunchPermit> {
    return this.#provider.acquireLaunch(signal);
  }

  launch(
    request: LaunchRequest,
    permit: LaunchPermit,
    signal: AbortSignal,
  ): Promise<LaunchOutcome> {
    return this.#provider.launch(request, permit, signal);
  }

  terminate(instanceId: string, signal: AbortSignal): Promise<void> {
    return this.#provider.terminate(instanceId, signal);
  }

  verifyCredentials(signal: AbortSignal): Promise<AccountIdentity> {
    return this.#provider.verifyCredentials(signal);
  }

  checkAccount(signal: AbortSignal): Promise<readonly AccountCheck[]> {
    return this.#provider.checkAccount(signal);
  }

  openBreakers(): readonly OpenBreaker[] {
    return this.#provider.openBreakers();
  }

  removeLeftovers(
    isKept: (claimName: string) => boolean,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    return this.#provider.removeLeftovers(isKept, signal);
  }

  toNativeGpu(model: string): string {
    return this.#provider.toNativeGpu(model);
  }

  fromNativeGpu(native: string): string | undefined {
    return this.#provider.fromNativeGpu(native);
  }

  toNativeRegion(label: string): string {
    return this.#provider.toNativeRegion(label);
  }

  fromNativeRegion(native: string): OfferLocation & { readonly label: string } {
    return this.#provider.fromNativeRegion(native);
  }
}
