/**
 * Why nothing matches, and the smallest changes that give an offer.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { displayUsd } from "../../schemas/money.ts";
import type { OfferFilter } from "./offer_filters.ts";

/** What one filter left of what the filters before it had left. */
export interface FilterEffect {
  readonly label: string;
  readonly keeps: number;
  /** The cheapest offer it removed; absent if it removed none. */
  readonly cheapestRemoved: Offer | undefined;
}

/** A single change and what it gives. */
export interface Change {
  /** What to write instead, or which wish to drop. */
  readonly label: string;
  readonly gives: number;
  readonly cheapest: Offer;
}

/** See the module. */
export interface NearMiss {
  readonly effects: readonly FilterEffect[];
  readonly changes: readonly Change[];
}

/** Explains why `filters` leave nothing of `offers`. */
export function explainNearMiss(
  offers: readonly Offer[],
  filters: readonly OfferFilter[],
): NearMiss {
  const sorted = [...offers].sort((left, right) => left.price.perHour - right.price.perHour);
  let left = sorted;
  const effects = filters.map(({ label, keeps }): FilterEffect => {
    const cheapestRemoved = left.find((offer) => !keeps(offer));
    left = left.filter(keeps);
    return { label, keeps: left.length, cheapestRemoved };
  });
  const changes = filters.flatMap((filter): readonly Change[] => {
    const others = filters.filter((other) => other !== filter);
    const given = sorted.filter((offer) => others.every(({ keeps }) => keeps(offer)));
    const [cheapest] = given;
    if (!cheapest) return [];
    const label = filter.loosen?.(cheapest) ?? `drop ${filter.label}`;
    return [{ label, gives: given.length, cheapest }];
  });
  return { effects, changes };
}

/** The explanation as lines for people. */
export function describeNearMiss(total: number, { effects, changes }: NearMiss): readonly string[] {
  if (total === 0) return ["No offer is known: no cloud has answered yet."];
  const lines = [`No offer passes all filters (${total} are known).`];
  lines.push(...layOut([
    ["FILTER", "KEEPS", "CHEAPEST IT REMOVED"],
    ...effects.map(({ label, keeps, cheapestRemoved }) => [
      label,
      String(keeps),
      cheapestRemoved ? describeOffer(cheapestRemoved) : "-",
    ]),
  ]));
  if (changes.length === 0) return [...lines, "No single change gives an offer."];
  lines.push("Smallest changes that give an offer");
  lines.push(...layOut(
    changes.map(({ label, gives, cheapest }) => [label, String(gives), describeOffer(cheapest)]),
  ));
  return lines;
}

/** `lambda us-east-1 8x H100-SXM5-80GB, $2.99 per GPU-hour`. */
function describeOffer(offer: Offer): string {
  const { provider, location, gpu, price } = offer;
  const where = `${provider} ${location.region ?? "(no region)"}`;
  const what = gpu ? ` ${gpu.count}x ${gpu.model}` : " no GPU";
  const cost = gpu
    ? `${displayUsd(price.perGpuHour)} per GPU-hour`
    : `${displayUsd(price.perHour)} per hour`;
  return `${where}${what}, ${cost}${describeObstacle(offer)}`;
}

function describeObstacle({ available, price, notJoinable }: Offer): string {
  if (price.suspect !== undefined) return ", price not believed";
  if (!available) return ", sold out";
  return notJoinable === undefined ? "" : ", could not join";
}

function layOut(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    "  " + row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("   ").trimEnd()
  );
}
