/**
 * Lambda's machine types as offers.
 *
 * One row per type and region with capacity. A type without capacity anywhere we may buy is one
 * sold-out row without region, because the vendor does not say where else it exists.
 *
 * @module
 */

import { minutes } from "../../schemas/duration.ts";
import { usdFromCents } from "../../schemas/money.ts";
import type { Offer, OfferGpu, OfferPrice } from "../contract.ts";
import { buildOffer, buildPrice } from "../offers/build_offer.ts";
import { fromLambdaGpu, lambdaArchitecture, parseLambdaGpuDescription } from "./gpus.ts";
import { toLocation } from "./map.ts";
import type { AllowsPlace } from "./placement.ts";
import type { WireInstanceTypesItem } from "./wire.ts";

/** Lambda bills per minute by the listed hourly price (vendor's documentation, read 2026-11-23). */
export const lambdaBillingIncrement = minutes(1);

/** From whose eyes offers are seen. */
export interface OfferContext {
  readonly account: string;
  /** Regions to buy in; all when absent. */
  readonly regions: readonly string[] | undefined;
  readonly allows: AllowsPlace;
  /** When the answer was read, in epoch milliseconds. */
  readonly readAt: number;
}

/** The offers of one answer, by type name and region. */
export function toOffers(
  items: readonly WireInstanceTypesItem[],
  context: OfferContext,
): readonly Offer[] {
  return [...items]
    .sort((left, right) => compare(left.instance_type.name, right.instance_type.name))
    .flatMap((item) => {
      const arch = lambdaArchitecture(item.instance_type.gpu_description);
      const regions = [...new Set(item.regions_with_capacity_available.map(({ name }) => name))]
        .filter((name) => context.regions?.includes(name) ?? true)
        .filter((name) => context.allows(name, arch))
        .sort(compare);
      return regions.length === 0
        ? [toOffer(item, undefined, context)]
        : regions.map((region) => toOffer(item, region, context));
    });
}

/** The price of a machine type. */
export function toOfferPrice(item: WireInstanceTypesItem, readAt: number): OfferPrice {
  const { price_cents_per_hour: cents, specs } = item.instance_type;
  return buildPrice(usdFromCents(cents), specs.gpus, {
    billingIncrement: lambdaBillingIncrement,
    source: "api",
    readAt,
  });
}

/** The GPUs of a machine type; `undefined` for machines without. */
export function toOfferGpu(item: WireInstanceTypesItem): OfferGpu | undefined {
  const { gpu_description: description, specs } = item.instance_type;
  if (specs.gpus === 0) return undefined;
  const model = fromLambdaGpu(description);
  if (model !== undefined) {
    return { model: model.id, known: true, count: specs.gpus, memoryGb: model.memoryGb };
  }
  const { name, memoryGb } = parseLambdaGpuDescription(description);
  return { model: name, known: false, count: specs.gpus, memoryGb };
}

function toOffer(
  item: WireInstanceTypesItem,
  region: string | undefined,
  context: OfferContext,
): Offer {
  const { name, gpu_description: description, specs } = item.instance_type;
  return buildOffer({
    account: context.account,
    provider: "lambda",
    instanceType: name,
    capacityType: "on-demand",
    location: region === undefined ? undefined : toLocation(region),
    gpu: toOfferGpu(item),
    arch: lambdaArchitecture(description),
    specs: { vcpus: specs.vcpus, memoryGiB: specs.memory_gib, diskGiB: specs.storage_gib },
    price: toOfferPrice(item, context.readAt),
    available: region !== undefined,
    stock: region === undefined ? "no capacity" : "capacity available",
  });
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
