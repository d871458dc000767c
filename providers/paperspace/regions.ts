/**
 * Paperspace's regions: short codes go in, long names come out (seen by two clients' live tests; the
 * vendor's document allows both everywhere).
 *
 * @module
 */

import { continentOf } from "../../schemas/regions.ts";
import type { LabelledLocation } from "../offers/build_offer.ts";
import { toLabelValue } from "../offers/label_value.ts";

/** A region's code, as requests name it. */
export type RegionCode = "ny2" | "ca1" | "ams1";

/** One region. */
export interface PaperspaceRegion {
  /** As answers name it. */
  readonly longName: string;
  /** ISO 3166-1 alpha-2, lower case. */
  readonly country: string;
}

/** Every region, read 2026-11-24: New York, California (not Canada) and Amsterdam. */
export const paperspaceRegions: Readonly<Record<RegionCode, PaperspaceRegion>> = Object.freeze({
  ny2: { longName: "East Coast (NY2)", country: "us" },
  ca1: { longName: "West Coast (CA1)", country: "us" },
  ams1: { longName: "Europe (AMS1)", country: "nl" },
});

/** Every region's code. */
export const regionCodes: readonly RegionCode[] = Object.freeze(["ny2", "ca1", "ams1"]);

/**
 * The code in a code or a long name, in any case of letters: `East Coast (NY2)` is `ny2`. Codes that are
 * not in the table are read, too, since new regions appear.
 */
export function toRegionCode(text: string): string {
  const code = /\(([A-Za-z0-9-]+)\)\s*$/.exec(text)?.[1] ?? text;
  return code.trim().toLowerCase();
}

/** Whether a code is one of the table's, so that machines can be ordered there. */
export function isRegionCode(code: string): code is RegionCode {
  return Object.hasOwn(paperspaceRegions, code);
}

/** Where a region is; unknown codes have no country. */
export function toLocation(region: string): LabelledLocation {
  const code = toRegionCode(region);
  const country = isRegionCode(code) ? paperspaceRegions[code].country : undefined;
  return {
    region: code,
    country,
    continent: country === undefined ? undefined : continentOf(country),
    label: `paperspace-${toLabelValue(code)}`,
  };
}
