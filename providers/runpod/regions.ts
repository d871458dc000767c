/**
 * Where RunPod's places are.
 *
 * A place is a data center on SECURE (`EU-RO-1`), a country on COMMUNITY (`CZ`): a data center's id has
 * a dash, a country's code has none. The letters mislead: `CA-MTL-1` is Canada, `US-CA-1` California,
 * `CA` alone Canada again. Read from the vendor's lists of 2026-08-20; new ids appear, and work without
 * a country.
 *
 * @module
 */

import { continentOf } from "../../schemas/regions.ts";
import type { LabelledLocation } from "../offers/build_offer.ts";
import { toLabelValue } from "../offers/label_value.ts";

/** Country (ISO 3166-1 alpha-2, lower case) by data center id. */
export const runpodDataCenterCountries: Readonly<Record<string, string>> = Object.freeze({
  "AP-IN-1": "in",
  "AP-IN-2": "in",
  "AP-JP-1": "jp",
  "CA-MTL-1": "ca",
  "CA-MTL-2": "ca",
  "CA-MTL-3": "ca",
  "CA-MTL-4": "ca",
  "EU-CZ-1": "cz",
  "EU-DK-1": "dk",
  "EU-FR-1": "fr",
  "EU-NL-1": "nl",
  "EU-RO-1": "ro",
  "EU-SE-1": "se",
  "EU-SE-2": "se",
  "EUR-IS-1": "is",
  "EUR-IS-2": "is",
  "EUR-IS-3": "is",
  "EUR-IS-4": "is",
  "EUR-IS-5": "is",
  "EUR-NO-1": "no",
  "EUR-NO-2": "no",
  "OC-AU-1": "au",
  "SEA-SG-1": "sg",
  "US-CA-1": "us",
  "US-CA-2": "us",
  "US-DE-1": "us",
  "US-GA-1": "us",
  "US-GA-2": "us",
  "US-IL-1": "us",
  "US-KS-1": "us",
  "US-KS-2": "us",
  "US-KS-3": "us",
  "US-MD-1": "us",
  "US-MO-1": "us",
  "US-MO-2": "us",
  "US-NC-1": "us",
  "US-NC-2": "us",
  "US-NE-1": "us",
  "US-OR-1": "us",
  "US-OR-2": "us",
  "US-PA-1": "us",
  "US-TX-1": "us",
  "US-TX-2": "us",
  "US-TX-3": "us",
  "US-TX-4": "us",
  "US-TX-5": "us",
  "US-TX-6": "us",
  "US-WA-1": "us",
});

/**
 * Countries where COMMUNITY hosts have been seen (clients' records of `countryCodes`, read 2026-11-24).
 * Others appear.
 */
export const runpodCountries: readonly string[] = Object.freeze(
  "AR AT BG CA CZ ES FR IL NL PT SE SK TT US".split(" "),
);

/** A place as RunPod wants it written. Lower case is taken by parts of the API and then misplaced. */
export function toRunpodPlace(region: string): string {
  return region.trim().toUpperCase();
}

/** Whether a place is a country of COMMUNITY rather than a data center of SECURE. */
export function isCountry(place: string): boolean {
  return /^[A-Z]{2}$/.test(place);
}

/** Where a place is; unknown data centers have no country. */
export function toLocation(region: string): LabelledLocation {
  const place = toRunpodPlace(region);
  const code = isCountry(place) ? place.toLowerCase() : runpodDataCenterCountries[place];
  const continent = code === undefined ? undefined : continentOf(code);
  return {
    region: place,
    country: continent === undefined ? undefined : code,
    continent,
    label: `runpod-${toLabelValue(place).toLowerCase()}`,
  };
}
