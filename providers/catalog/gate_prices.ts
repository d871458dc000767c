/**
 * Keeps prices that cannot be right from being bought.
 *
 * Judged is what the vendor lists, before any discount of the account's own: a new discount is no new
 * price, and a deep one no slipped decimal point.
 *
 * @module
 */

import { displayUsd, divideUsd, type MicroUsd } from "../../schemas/money.ts";
import type { Offer } from "../contract.ts";
import { listPriceOf } from "./list_price.ts";
import { computeModelMedians } from "./model_medians.ts";

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
 * included. What was zero then has no last price, and is believed when read twice.
 *
 * @param previous The account's offers as read last, from its published catalog after a restart; empty
 * only if it was never read.
 * @param next The account's offers as read now.
 * @param others Offers of other accounts as gated last: an account alone may have one row of a model.
 */
export function gatePrices(
  previous: readonly Offer[],
  next: readonly Offer[],
  others: Iterable<Offer> = [],
): readonly Offer[] {
  const before = indexPrices(previous);
  const doubts = next.map((offer) => explainZero(offer) ?? explainChange(offer, before));
  const medians = computeModelMedians(selectBelieved(next, doubts, others));
  return next.map((offer, index) => {
    const { suspect: _, ...price } = offer.price;
    const suspect = doubts[index] ?? explainMedian(offer, medians);
    return { ...offer, price: suspect === undefined ? price : { ...price, suspect } };
  });
}

function explainZero(offer: Offer): string | undefined {
  // Not "<= 0", so that no number at all counts, too.
  return listPriceOf(offer) > 0 ? undefined : "the price is zero";
}

function explainChange(offer: Offer, before: PriceIndex): string | undefined {
  const price = listPriceOf(offer);
  const last = before.byId.get(offer.id) ?? findNearest(before.byType.get(typeKey(offer)), price);
  if (last === undefined) return undefined;
  if (!(last > 0)) return "the price was zero at the last read";
  return Math.abs(price - last) > last * priceGate.maxChange
    ? `changed from ${displayUsd(last)} to ${displayUsd(price)} per hour since the last read`
    : undefined;
}

function explainMedian(
  offer: Offer,
  medians: ReadonlyMap<string, MicroUsd>,
): string | undefined {
  if (offer.gpu === undefined) return undefined;
  const median = medians.get(offer.gpu.model);
  const perGpu = divideUsd(listPriceOf(offer), offer.gpu.count);
  return median !== undefined && perGpu < median * priceGate.medianFraction
    ? `${displayUsd(perGpu)} per GPU-hour is less than 5 % of the model's median of ${
      displayUsd(median)
    }`
    : undefined;
}

/** What a median may be made of: a price in doubt must not vouch for another. */
function* selectBelieved(
  next: readonly Offer[],
  doubts: readonly (string | undefined)[],
  others: Iterable<Offer>,
): Iterable<Offer> {
  for (const [index, offer] of next.entries()) if (doubts[index] === undefined) yield offer;
  for (const offer of others) if (offer.price.suspect === undefined) yield offer;
}

/** Last prices by offer; and by type, for offers that appear in a new region. */
interface PriceIndex {
  readonly byId: ReadonlyMap<string, MicroUsd>;
  readonly byType: ReadonlyMap<string, readonly MicroUsd[]>;
}

function indexPrices(offers: readonly Offer[]): PriceIndex {
  const byId = new Map<string, MicroUsd>();
  const byType = new Map<string, MicroUsd[]>();
  for (const offer of offers) {
    const price = listPriceOf(offer);
    byId.set(offer.id, price);
    const key = typeKey(offer);
    const prices = byType.get(key);
    if (prices === undefined) byType.set(key, [price]);
    else if (!prices.includes(price)) prices.push(price);
  }
  return { byId, byType };
}

/** Regions may differ in price: a new one is compared with the most similar, of two the lower. */
function findNearest(prices: readonly MicroUsd[] = [], price: MicroUsd): MicroUsd | undefined {
  const [nearest] = prices.toSorted((left, right) =>
    Math.abs(left - price) - Math.abs(right - price) || left - right
  );
  return nearest;
}

function typeKey({ account, instanceType, capacityType }: Offer): string {
  return `${account}\0${instanceType}\0${capacityType}`;
}
