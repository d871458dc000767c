/**
 * What one GPU of a model usually costs.
 *
 * @module
 */

import { divideUsd, type MicroUsd } from "../../schemas/money.ts";
import type { Offer } from "../contract.ts";
import { listPriceOf } from "./list_price.ts";

/**
 * The median listed price of one GPU for an hour, by model, over all clouds alike: the median of each
 * cloud's median. One cloud may have hundreds of rows of a model, all wrong by the same mistake, where
 * another has three; and several accounts of one cloud say the same.
 *
 * @param offers Prices of more than zero count; so do sold-out offers.
 */
export function computeModelMedians(offers: Iterable<Offer>): ReadonlyMap<string, MicroUsd> {
  const models = new Map<string, Map<string, MicroUsd[]>>();
  for (const offer of offers) {
    const { gpu, provider } = offer;
    const perHour = listPriceOf(offer);
    if (gpu === undefined || !(perHour > 0)) continue;
    const clouds = getOrAdd(models, gpu.model, () => new Map<string, MicroUsd[]>());
    getOrAdd(clouds, provider, () => []).push(divideUsd(perHour, gpu.count));
  }
  return new Map([...models].flatMap(([model, clouds]) => {
    const median = selectMedian([...clouds.values()].flatMap((prices) => selectMedian(prices)));
    return median.map((price) => [model, price] as const);
  }));
}

/** The middle one, of two the dearer: what is in doubt is not bought. Nothing of nothing. */
function selectMedian(prices: MicroUsd[]): readonly MicroUsd[] {
  const sorted = prices.sort((left, right) => left - right);
  return sorted.slice(sorted.length >> 1, (sorted.length >> 1) + 1);
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = create());
  return value;
}
