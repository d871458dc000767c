/**
 * Lambda's machine types as offers.
 *
 * One row per type and region with capacity. A type without capacity anywhere we may buy is one
 * sold-out row without region, because the vendor does not say where else it exists.
 *
 * @module
 */

import { findGpuModel } from "../../schemas/gpu_models.ts";
import { labels } from "../../schemas/labels.ts";
import { minutes } from "../../schemas/duration.ts";
import { divideUsd, usdFromCents } from "../../schemas/money.ts";
import {
  gibibytes,
  gpuResource,
  type Quantity,
  type Resources,
  wholeQuantity,
} from "../../schemas/quantity.ts";
import type { Offer, OfferGpu, OfferLocation, OfferPrice } from "../contract.ts";
import { computeOfferId } from "../offer_id.ts";
import { fromLambdaGpu, lambdaArchitecture, parseLambdaGpuDescription } from "./gpus.ts";
import { toLabelValue, toLocation } from "./map.ts";
import type { AllowsPlace } from "./placement.ts";
import type { WireInstanceTypesItem } from "./wire.ts";

/** Lambda bills per minute by the listed hourly price (vendor's documentation, read 2026-11-23). */
export const lambdaBillingIncrement = minutes(1);

/**
 * What a node keeps from pods. kubeadm reserves nothing, so only what the machine and kubelet's default
 * eviction thresholds take: firmware and kernel about 3 % of memory, then `memory.available<100Mi`; of
 * the root disk 5 % for the filesystem itself, then `nodefs.available<10%`. All CPUs are offered.
 * Erring low costs a sliver of a machine; erring high buys machines that the pod does not fit on.
 */
const reserve = Object.freeze({
  memoryFraction: 0.03,
  memory: 100 * 1024 ** 2,
  diskFraction: 0.15,
  pods: 110,
});

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
  const perHour = usdFromCents(item.instance_type.price_cents_per_hour);
  return {
    perHour,
    perGpuHour: divideUsd(perHour, Math.max(1, item.instance_type.specs.gpus)),
    currency: "USD",
    billingIncrement: lambdaBillingIncrement,
    source: "api",
    readAt,
  };
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
  const { account } = context;
  const type = item.instance_type;
  const capacityType = "on-demand";
  const gpu = toOfferGpu(item);
  const arch = lambdaArchitecture(type.gpu_description);
  const place = region === undefined ? undefined : toLocation(region);
  const location: OfferLocation = {
    region,
    country: place?.country,
    continent: place?.continent,
  };
  const { capacity, allocatable } = toResources(item);
  return {
    id: computeOfferId({ account, instanceType: type.name, region, capacityType }),
    account,
    provider: "lambda",
    instanceType: type.name,
    capacityType,
    location,
    gpu,
    arch,
    capacity,
    allocatable,
    labels: {
      [labels.provider]: "lambda",
      [labels.account]: account,
      [labels.capacityType]: capacityType,
      [labels.instanceType]: toLabelValue(type.name),
      [labels.arch]: arch,
      [labels.os]: "linux",
      ...(place && { [labels.region]: place.label, [labels.zone]: place.label }),
      ...(place?.country && { [labels.country]: place.country }),
      ...(place?.continent && { [labels.continent]: place.continent }),
      ...(gpu && toGpuLabels(gpu)),
    },
    price: toOfferPrice(item, context.readAt),
    available: region !== undefined,
    stock: region === undefined ? "no capacity" : "capacity available",
  };
}

/** Ours, and those that NVIDIA's feature discovery will set on the node. */
function toGpuLabels(gpu: OfferGpu): Record<string, string> {
  const model = gpu.known ? findGpuModel(gpu.model) : undefined;
  return {
    [labels.gpuModel]: toLabelValue(gpu.model),
    [labels.gpuCount]: String(gpu.count),
    ...(gpu.memoryGb > 0 && { [labels.gpuMemoryGb]: String(gpu.memoryGb) }),
    [labels.nvidiaCount]: String(gpu.count),
    ...(model && { [labels.nvidiaProduct]: model.product }),
    ...(model?.reportedMiB && { [labels.nvidiaMemory]: String(model.reportedMiB) }),
  };
}

function toResources(
  item: WireInstanceTypesItem,
): { readonly capacity: Resources; readonly allocatable: Resources } {
  const { vcpus, memory_gib, storage_gib, gpus } = item.instance_type.specs;
  const memory = gibibytes(memory_gib);
  const disk = gibibytes(storage_gib);
  const common = {
    cpu: wholeQuantity(vcpus),
    pods: wholeQuantity(reserve.pods),
    ...(gpus > 0 && { [gpuResource]: wholeQuantity(gpus) }),
  };
  return {
    capacity: { ...common, memory, "ephemeral-storage": disk },
    allocatable: {
      ...common,
      memory: wholeBytes(memory * (1 - reserve.memoryFraction) - wholeQuantity(reserve.memory)),
      "ephemeral-storage": wholeBytes(disk * (1 - reserve.diskFraction)),
    },
  };
}

/** Rounded down to whole mebibytes, so that the quantity reads well; never below zero. */
function wholeBytes(milliBytes: number): Quantity {
  const mebibyte = wholeQuantity(1024 ** 2);
  return wholeQuantity(Math.max(0, Math.floor(milliBytes / mebibyte)) * 1024 ** 2);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
