/**
 * Where the simulated RunPod's machines stand: data centers, and countries of the community cloud.
 *
 * Ids from the vendor's list of August 2026; which sell storage is invented.
 *
 * @module
 */

import type { Cloud } from "./order.ts";

/** A data center. */
export interface SimDataCenter {
  readonly id: string;
  /** In REST's words; GraphQL's name is the id. */
  readonly name: string;
  /** GraphQL's loose word. */
  readonly location: string;
  readonly country: string;
  /** REST's word. */
  readonly region: "NORTH_AMERICA" | "EUROPE" | "ASIA" | "OCEANIA";
  readonly listed: boolean;
  readonly hasGlobalNetwork: boolean;
  readonly hasStorage: boolean;
}

/** Private networks reach these (the vendor's documentation, August 2026). */
const globalNetworks = new Set(
  ("CA-MTL-3 EU-CZ-1 EU-FR-1 EU-NL-1 EU-RO-1 EU-SE-1 EUR-IS-2 OC-AU-1 US-CA-2 US-GA-1 US-GA-2 " +
    "US-IL-1 US-KS-2 US-NC-1 US-TX-3 US-TX-4 US-WA-1").split(" "),
);

/** In the catalogue, not for sale. */
const unlisted = new Set(["US-MO-2", "EUR-IS-5"]);

type Row = readonly [
  prefix: string,
  count: number,
  place: string,
  location: string,
  country: string,
  region: SimDataCenter["region"],
];

const us = ["United States", "US", "NORTH_AMERICA"] as const;

const rows: readonly Row[] = [
  ["US-CA", 2, "US California", ...us],
  ["US-DE", 1, "US Delaware", ...us],
  ["US-GA", 2, "US Georgia", ...us],
  ["US-IL", 1, "US Illinois", ...us],
  ["US-KS", 3, "US Kansas", ...us],
  ["US-MD", 1, "US Maryland", ...us],
  ["US-MO", 2, "US Missouri", ...us],
  ["US-NC", 2, "US North Carolina", ...us],
  ["US-NE", 1, "US Nebraska", ...us],
  ["US-OR", 2, "US Oregon", ...us],
  ["US-PA", 1, "US Pennsylvania", ...us],
  ["US-TX", 6, "US Texas", ...us],
  ["US-WA", 1, "US Washington", ...us],
  ["CA-MTL", 4, "CA Montreal", "Canada", "CA", "NORTH_AMERICA"],
  ["EUR-IS", 5, "Iceland", "Europe", "IS", "EUROPE"],
  ["EUR-NO", 2, "Norway", "Europe", "NO", "EUROPE"],
  ["EU-SE", 2, "Sweden", "Europe", "SE", "EUROPE"],
  ["EU-RO", 1, "Romania", "Europe", "RO", "EUROPE"],
  ["EU-NL", 1, "Netherlands", "Europe", "NL", "EUROPE"],
  ["EU-CZ", 1, "Czechia", "Europe", "CZ", "EUROPE"],
  ["EU-FR", 1, "France", "Europe", "FR", "EUROPE"],
  ["EU-DK", 1, "Denmark", "Europe", "DK", "EUROPE"],
  ["AP-IN", 2, "India", "Asia", "IN", "ASIA"],
  ["AP-JP", 1, "Japan", "Asia", "JP", "ASIA"],
  ["SEA-SG", 1, "Singapore", "Asia", "SG", "ASIA"],
  ["OC-AU", 1, "Australia", "Australia", "AU", "OCEANIA"],
];

/** Every data center, by id. */
export const simDataCenters: ReadonlyMap<string, SimDataCenter> = new Map(
  rows.flatMap(([prefix, count, place, location, country, region]) =>
    Array.from({ length: count }, (_, index): [string, SimDataCenter] => {
      const id = `${prefix}-${index + 1}`;
      return [id, {
        id,
        name: `${place} ${index + 1}`,
        location,
        country,
        region,
        listed: !unlisted.has(id),
        hasGlobalNetwork: globalNetworks.has(id),
        hasStorage: globalNetworks.has(id),
      }];
    })
  ),
);

/** The cloud that a place belongs to; `undefined` for no place. @param place Data center or country. */
export function cloudOf(place: string): Cloud | undefined {
  if (simDataCenters.has(place)) return "SECURE";
  return /^[A-Z]{2}$/.test(place) ? "COMMUNITY" : undefined;
}

/** The country of a place. */
export function countryOf(place: string): string {
  return simDataCenters.get(place)?.country ?? place;
}
