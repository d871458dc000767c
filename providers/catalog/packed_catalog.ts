/**
 * A catalog as it is stored: what many offers share is written once.
 *
 * Two offers of one machine type differ in place, price and stock, and share the rest, which is most of
 * it. Rows refer to tables by position:
 *
 * ```
 * machines: [{"instanceType": "gpu_1x_a10", …}, …]    places: [{"region": "us-east-1", …}, …]
 * prices:   [{"perHour": 1290000, …}, …]              states: [{"available": true, …}, …]
 * offers:   [["of-wld66idj", 0, 0, 0, 0], …]          id, machine, place, price, state
 * ```
 *
 * @module
 */

import { labels as labelKeys } from "../../schemas/labels.ts";
import type { Offer } from "../contract.ts";
import type { Catalog } from "./catalog.ts";

/** What offers of one machine type share. */
export type PackedMachine = Omit<
  Offer,
  "id" | "location" | "price" | "available" | "stock" | "notJoinable"
>;

/** Where, with the labels that say so. */
export type PackedPlace = Offer["location"] & Pick<Offer, "labels">;

/** What it costs, but for when that was read. */
export type PackedPrice = Omit<Offer["price"], "readAt">;

/** Whether it can be had. */
export type PackedState = Pick<Offer, "available" | "stock" | "notJoinable">;

/** Id, and positions in the tables of machines, places, prices and states. */
export type PackedOffer = readonly [
  id: string,
  machine: number,
  place: number,
  price: number,
  state: number,
];

/** See the module. */
export interface PackedCatalog extends Omit<Catalog, "offers"> {
  readonly machines: readonly PackedMachine[];
  readonly places: readonly PackedPlace[];
  readonly prices: readonly PackedPrice[];
  readonly states: readonly PackedState[];
  /** When prices were read: one time for all offers, or one for each. */
  readonly pricesReadAt: number | readonly number[];
  readonly offers: readonly PackedOffer[];
}

const placeLabels: ReadonlySet<string> = new Set([
  labelKeys.region,
  labelKeys.zone,
  labelKeys.country,
  labelKeys.continent,
]);

/** Packs a catalog. The same offers in any order give the same packed catalog. */
export function packCatalog({ offers, ...header }: Catalog): PackedCatalog {
  const machines = new Table<PackedMachine>();
  const places = new Table<PackedPlace>();
  const prices = new Table<PackedPrice>();
  const states = new Table<PackedState>();
  const sorted = offers.toSorted(compareOffers);
  const rows = sorted.map((offer): PackedOffer => {
    const { id, location, labels, price, available, stock, notJoinable, ...machine } = offer;
    const { readAt: _, ...paid } = price;
    const [there, anywhere] = splitLabels(labels);
    return [
      id,
      machines.positionOf({ ...machine, labels: anywhere }),
      places.positionOf({ ...location, labels: there }),
      prices.positionOf(paid),
      states.positionOf({ available, stock, notJoinable }),
    ];
  });
  const times = sorted.map(({ price }) => price.readAt);
  const [first = 0] = times;
  return {
    ...header,
    machines: machines.values,
    places: places.values,
    prices: prices.values,
    states: states.values,
    pricesReadAt: times.every((time) => time === first) ? first : times,
    offers: rows,
  };
}

/**
 * The catalog of a packed one, its offers by type, place and capacity type.
 *
 * @throws {RangeError} If a row refers to what is not there.
 */
export function unpackCatalog(packed: PackedCatalog): Catalog {
  const { machines, places, prices, states, pricesReadAt, offers, ...header } = packed;
  return {
    ...header,
    offers: offers.map(([id, machine, place, price, state], row): Offer => {
      const { labels: anywhere, ...rest } = at(machines, machine, row);
      const { labels: there, ...location } = at(places, place, row);
      return {
        id,
        ...rest,
        location,
        labels: { ...anywhere, ...there },
        price: {
          ...at(prices, price, row),
          readAt: typeof pricesReadAt === "number" ? pricesReadAt : at(pricesReadAt, row, row),
        },
        ...at(states, state, row),
      };
    }),
  };
}

function at<T>(table: readonly T[], position: number, row: number): T {
  const value = table[position];
  if (value === undefined) throw new RangeError(`offers[${row}] refers to what is not there`);
  return value;
}

/** Distinct values, in the order in which they came. */
class Table<T> {
  readonly values: T[] = [];
  readonly #positions = new Map<string, number>();

  positionOf(value: T): number {
    const key = JSON.stringify(value);
    let position = this.#positions.get(key);
    if (position === undefined) {
      position = this.values.push(value) - 1;
      this.#positions.set(key, position);
    }
    return position;
  }
}

/** Labels that say where, and all others. */
function splitLabels(labels: Offer["labels"]): readonly [Offer["labels"], Offer["labels"]] {
  const there: Record<string, string> = {};
  const anywhere: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    (placeLabels.has(key) ? there : anywhere)[key] = value;
  }
  return [there, anywhere];
}

/** By what people look for; neighbours share most, which packs well. The id makes it total. */
function compareOffers(left: Offer, right: Offer): number {
  return compareText(left.instanceType, right.instanceType) ||
    compareText(left.capacityType, right.capacityType) ||
    compareText(left.location.region ?? "", right.location.region ?? "") ||
    compareText(left.id, right.id);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
