/**
 * The user's wishes as filters over offers.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { gpuVendorOf } from "../../schemas/gpu_models.ts";
import { formatUsd, type MicroUsd } from "../../schemas/money.ts";
import { matchesModel } from "./gpu_model_match.ts";
import type { GpuQuery } from "./gpu_query.ts";
import { isInRange, type Range } from "./range.ts";
import { isBuyable } from "./sort_offers.ts";

/** One wish. */
export interface OfferFilter {
  /** As the user wrote it: `H100`, `--price ..2.00`. */
  readonly label: string;
  readonly keeps: (offer: Offer) => boolean;
  /** What to say instead, so that this offer is kept; absent when only dropping the wish helps. */
  readonly loosen?: ((offer: Offer) => string) | undefined;
}

/** Names, or with `!` names to leave out. */
export interface NameFilter {
  readonly text: string;
  readonly only: readonly string[];
  readonly without: readonly string[];
}

/** Everything that can be wished for. */
export interface OfferWishes {
  readonly query: GpuQuery;
  readonly provider: NameFilter | undefined;
  readonly region: NameFilter | undefined;
  readonly country: NameFilter | undefined;
  /** Dollars per GPU-hour, in millionths. */
  readonly price: (Range & { readonly text: string }) | undefined;
  /** Dollars per hour for the machine, in millionths. */
  readonly totalPrice: (Range & { readonly text: string }) | undefined;
  readonly available: boolean;
}

/** Reads `a,b,!c`. */
export function parseNameFilter(text: string): NameFilter {
  const names = text.split(",").map((name) => name.trim().toLowerCase()).filter((name) => name);
  return {
    text,
    only: names.filter((name) => !name.startsWith("!")),
    without: names.filter((name) => name.startsWith("!")).map((name) => name.slice(1)),
  };
}

/** The filters, in the order in which they are explained. */
export function toFilters(wishes: OfferWishes): readonly OfferFilter[] {
  return [
    ...queryFilters(wishes.query),
    ...nameFilters("--provider", wishes.provider, ({ provider }) => provider),
    ...nameFilters("--region", wishes.region, ({ location }) => location.region),
    ...nameFilters("--country", wishes.country, ({ location }) => location.country),
    ...priceFilters("--price", wishes.price, ({ price }) => price.perGpuHour),
    ...priceFilters("--total-price", wishes.totalPrice, ({ price }) => price.perHour),
    ...(wishes.available ? [{ label: "--available", keeps: isBuyable }] : []),
  ];
}

function queryFilters(query: GpuQuery): readonly OfferFilter[] {
  const { vendor, models, vramGb, count } = query;
  const filters: OfferFilter[] = [];
  if (vendor !== undefined) {
    filters.push({
      label: vendor,
      keeps: ({ gpu }) => gpu !== undefined && gpuVendorOf(gpu) === vendor,
    });
  }
  if (models.length > 0) {
    filters.push({
      label: models.join(","),
      keeps: ({ gpu }) =>
        gpu !== undefined && models.some((model) => matchesModel(model, gpu.model)),
      loosen: ({ gpu }) => gpu?.model ?? "any machine",
    });
  }
  if (vramGb) {
    filters.push({
      label: `${formatRange(vramGb, String)} GB`,
      keeps: ({ gpu }) => gpu !== undefined && isInRange(gpu.memoryGb, vramGb),
      loosen: ({ gpu }) => `${gpu?.memoryGb ?? 0}GB`,
    });
  }
  if (count) {
    filters.push({
      label: `${formatRange(count, String)} GPUs`,
      keeps: ({ gpu }) => isInRange(gpu?.count ?? 0, count),
      loosen: ({ gpu }) => `:${gpu?.count ?? 0}`,
    });
  }
  return filters;
}

function nameFilters(
  flag: string,
  names: NameFilter | undefined,
  read: (offer: Offer) => string | undefined,
): readonly OfferFilter[] {
  if (!names) return [];
  const keeps = (offer: Offer) => {
    const name = read(offer)?.toLowerCase();
    if (name === undefined) return names.only.length === 0;
    return (names.only.length === 0 || names.only.includes(name)) && !names.without.includes(name);
  };
  const loosen = (offer: Offer) => `${flag} ${read(offer) ?? "(any)"}`;
  return [{ label: `${flag} ${names.text}`, keeps, loosen }];
}

function priceFilters(
  flag: string,
  range: OfferWishes["price"],
  read: (offer: Offer) => MicroUsd,
): readonly OfferFilter[] {
  if (!range) return [];
  return [{
    label: `${flag} ${range.text}`,
    keeps: (offer) => isInRange(read(offer), range),
    loosen: (offer) => {
      const price = read(offer);
      return isInRange(price, { min: range.min, max: undefined })
        ? `${flag} ..${formatUsd(price)}`
        : `${flag} ${formatUsd(price)}..`;
    },
  }];
}

function formatRange({ min, max }: Range, format: (end: number) => string): string {
  if (min === max && min !== undefined) return format(min);
  return `${min === undefined ? "" : format(min)}..${max === undefined ? "" : format(max)}`;
}
