/**
 * Keeps prices that cannot be right from being bought.
 *
 * @module
 */

import { displayUsd, type MicroUsd } from "../../schemas/money.ts";
import type { Offer } from "../contract.ts";

/** When a price is not believed. */
export const priceGate = Object.freeze({
  /** Below this part of its model's median per GPU-hour: a slipped decimal point, a placeholder. */
  medianFraction: 0.05,
  /** Changed by more than this part of the last price: vendors raise prices, but not like that. */
  maxChange: 0.5,
});

/**
 * The offers with `price.suspect` set, in words, where the price is not to be believed: it is zero,
 * below 5 % of the median of its GPU model, or more than half away from what was read before.
 *
 * A change that the next reading confirms is believed: `previous` is what was read last, suspects
 * included.
 *
 * @param previous Empty on the first reading.
 */
export function gatePrices(previous: readonly Offer[], next: readonly Offer[]): readonly Offer[] {
  const before = indexPrices(previous);
  const medians = computeMedians(next);
  return next.map((offer) => {
    const { suspect: _, ...price } = offer.price;
    const suspect = explainSuspicion(
      offer,
      before.get(offer.id) ?? before.get(typeKey(offer)),
      offer.gpu === undefined ? undefined : medians.get(offer.gpu.model),
    );
    return { ...offer, price: suspect === undefined ? price : { ...price, suspect } };
  });
}

function explainSuspicion(
  offer: Offer,
  before: MicroUsd | undefined,
  median: MicroUsd | undefined,
): string | undefined {
  const { perHour, perGpuHour } = offer.price;
  if (perHour <= 0) return "the price is zero";
  if (median !== undefined && perGpuHour < median * priceGate.medianFraction) {
    return `${displayUsd(perGpuHour)} per GPU-hour is less than 5 % of the model's median of ${
      displayUsd(median)
    }`;
  }
  if (
    before !== undefined && before > 0 && Math.abs(perHour - before) > before * priceGate.maxChange
  ) {
    return `changed from ${displayUsd(before)} to ${
      displayUsd(perHour)
    } per hour since the last read`;
  }
  return undefined;
}

/** Prices by offer, and by type for offers that appear in a new region. */
function indexPrices(offers: readonly Offer[]): ReadonlyMap<string, MicroUsd> {
  const prices = new Map<string, MicroUsd>();
  for (const offer of offers) {
    prices.set(offer.id, offer.price.perHour);
    prices.set(typeKey(offer), offer.price.perHour);
  }
  return prices;
}

function typeKey(offer: Offer): string {
  return [offer.account, offer.instanceType, offer.capacityType].join("\0");
}

/** Median price per GPU-hour by model; zeros do not count. */
function computeMedians(offers: readonly Offer[]): ReadonlyMap<string, MicroUsd> {
  const prices = new Map<string, MicroUsd[]>();
  for (const { gpu, price } of offers) {
    if (gpu === undefined || price.perGpuHour <= 0) continue;
    prices.set(gpu.model, [...prices.get(gpu.model) ?? [], price.perGpuHour]);
  }
  const medians = new Map<string, MicroUsd>();
  for (const [model, list] of prices) {
    const middle = list.sort((left, right) => left - right)[Math.floor(list.length / 2)];
    if (middle !== undefined) medians.set(model, middle);
  }
  return medians;
}
