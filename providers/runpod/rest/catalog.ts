/**
 * What there is to buy, as REST v2 shows it.
 *
 * One question per size of pod: stock is told for one count at a time, but for all GPU types and, on
 * SECURE, for all data centers. The list of data centers has stock, too, without saying for which count;
 * it is not needed. vCPUs and memory are not told at all, and COMMUNITY's countries neither.
 *
 * @module
 */

import { usdFromDollars } from "../../../schemas/money.ts";
import {
  meansStock,
  placeholderGpuId,
  type RunpodCloud,
  type RunpodGpu,
  type RunpodStock,
} from "../api.ts";
import { toRunpodPlace } from "../regions.ts";
import type { WireGpuType } from "./wire.ts";

/** The GPU types that are sold on a cloud. A price on a cloud that does not sell the type is stale. */
export function toGpus(types: readonly WireGpuType[], cloud: RunpodCloud): readonly RunpodGpu[] {
  const key = cloud === "SECURE" ? "secure" : "community";
  return types.filter((type) => type[key] && type.id !== placeholderGpuId).map((type) => ({
    id: type.id,
    manufacturer: type.manufacturer,
    memoryGb: type.memory,
    pricePerGpu: usdFromDollars(type.price[key]),
    maxCount: type.maxCount[key],
  }));
}

/** Stock of pods with so many GPUs. */
export function toStock(
  types: readonly WireGpuType[],
  cloud: RunpodCloud,
  count: number,
): readonly RunpodStock[] {
  return types.flatMap((type) => {
    const at = (place: string | undefined, word: string | undefined): RunpodStock => ({
      gpuId: type.id,
      count,
      place,
      word,
      available: meansStock(word),
      least: undefined,
    });
    if (cloud === "COMMUNITY") return [at(undefined, type.availability)];
    return (type.dataCenters ?? []).map(({ id, availability }) =>
      at(toRunpodPlace(id), availability)
    );
  });
}
