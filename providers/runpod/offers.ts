/**
 * RunPod's catalog as offers.
 *
 * One row per size of pod and place that RunPod tells apart. A size that is sold out wherever we may buy
 * is one row without region, since RunPod does not say where else it exists; COMMUNITY through REST has
 * rows without region only, because REST neither tells nor takes a country.
 *
 * @module
 */

import { type MicroUsd, multiplyUsd, sumUsd } from "../../schemas/money.ts";
import type { CapacityType, Offer, OfferPrice } from "../contract.ts";
import { buildOffer, buildPrice, type MachineSpecs } from "../offers/build_offer.ts";
import { offeredCounts, type RunpodCatalog, type RunpodGpu, type RunpodStock } from "./api.ts";
import {
  diskPerHour,
  leastPerGpu,
  notJoinable,
  offeredDiskGb,
  runpodBillingIncrement,
} from "./facts.ts";
import { toOfferGpu } from "./gpus.ts";
import { type RunpodShape, toInstanceType } from "./instance_type.ts";
import { toLocation } from "./regions.ts";

/** From whose eyes offers are seen. */
export interface OfferContext {
  readonly account: string;
  /** Places to buy in, as RunPod writes them; all when absent. */
  readonly places: readonly string[] | undefined;
  /** When the catalog was read, in epoch milliseconds. */
  readonly readAt: number;
}

/** What is offered of one size of pod, at one place, in one way. */
interface Row {
  readonly gpu: RunpodGpu;
  readonly shape: RunpodShape;
  readonly capacityType: CapacityType;
  readonly perGpu: MicroUsd;
  /** `undefined` when sold out, wherever that may be. */
  readonly stock: RunpodStock | undefined;
}

/** The offers of a catalog, by GPU type, size and place. */
export function toOffers(catalog: RunpodCatalog, context: OfferContext): readonly Offer[] {
  const bySize = groupStock(catalog.stock, context.places);
  return [...catalog.gpus].sort((left, right) => compare(left.id, right.id)).flatMap((gpu) =>
    offeredCounts.filter((count) => count <= gpu.maxCount).flatMap((count) => {
      const shape = { gpuId: gpu.id, count };
      const stock = bySize.get(toInstanceType(shape)) ?? [undefined];
      const spot = catalog.spotPrices.get(gpu.id);
      return stock.flatMap((entry): Row[] => [
        { gpu, shape, capacityType: "on-demand", perGpu: gpu.pricePerGpu, stock: entry },
        ...spot === undefined
          ? []
          : [{ gpu, shape, capacityType: "spot" as const, perGpu: spot, stock: entry }],
      ]);
    })
  ).map((row) => toOffer(row, context));
}

/** The price of so many GPUs with the disk that offers speak of. */
export function toOfferPrice(perGpu: MicroUsd, count: number, readAt: number): OfferPrice {
  const perHour = sumUsd([multiplyUsd(perGpu, count), diskPerHour(offeredDiskGb)]);
  return buildPrice(perHour, count, {
    billingIncrement: runpodBillingIncrement,
    source: "api",
    readAt,
  });
}

/** Stock by size, where we may buy; each place once, in order. */
function groupStock(
  stock: readonly RunpodStock[],
  places: readonly string[] | undefined,
): ReadonlyMap<string, readonly RunpodStock[]> {
  const bySize = new Map<string, Map<string, RunpodStock>>();
  for (const entry of stock) {
    const { place } = entry;
    if (place !== undefined && places !== undefined && !places.includes(place)) continue;
    const size = toInstanceType(entry);
    const rows = bySize.get(size) ?? new Map<string, RunpodStock>();
    rows.set(place ?? "", entry);
    bySize.set(size, rows);
  }
  return new Map(
    [...bySize].map(([size, rows]) =>
      [
        size,
        [...rows].sort(([left], [right]) => compare(left, right)).map(([, entry]) => entry),
      ] as const
    ),
  );
}

function toOffer(
  { gpu, shape, capacityType, perGpu, stock }: Row,
  { account, readAt }: OfferContext,
): Offer {
  return buildOffer({
    account,
    provider: "runpod",
    instanceType: toInstanceType(shape),
    capacityType,
    location: stock?.place === undefined ? undefined : toLocation(stock.place),
    gpu: toOfferGpu(gpu, shape.count),
    arch: "amd64",
    specs: toSpecs(shape.count, stock),
    price: toOfferPrice(perGpu, shape.count, readAt),
    available: stock?.available ?? false,
    stock: stock?.word ?? (stock?.available ? "available" : "none"),
    notJoinable,
  });
}

/** RunPod speaks of GB; a node is measured in GiB. */
function toSpecs(count: number, stock: RunpodStock | undefined): MachineSpecs {
  const { vcpus, memoryGb } = stock?.least ??
    { vcpus: leastPerGpu.vcpus * count, memoryGb: leastPerGpu.memoryGb * count };
  return { vcpus, memoryGiB: toGiB(memoryGb), diskGiB: toGiB(offeredDiskGb) };
}

function toGiB(gb: number): number {
  return Math.floor((gb * 1000 ** 3) / 1024 ** 3);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
