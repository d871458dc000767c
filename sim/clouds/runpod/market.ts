/**
 * What the simulated RunPod has to sell: types, prices, free GPUs by place, and who may have them.
 *
 * Simplified: the free GPUs of a place stand in one machine as far as its type's largest pod goes.
 *
 * @module
 */

import { type MicroUsd, parseUsd } from "../../../schemas/money.ts";
import type { RunpodErrorName } from "./errors.ts";
import { type SimGpuType, simGpuTypes } from "./gpu_types.ts";
import { type Host, hostAt } from "./hosts.ts";
import { type Cloud, suitsCuda, type Wish } from "./order.ts";
import { cloudOf, countryOf, simDataCenters } from "./places.ts";
import type { Stock } from "./stock.ts";

/** A place that sells a type. */
export interface Placement {
  readonly type: SimGpuType;
  readonly place: string;
  readonly cloud: Cloud;
  /** Free GPUs, as the catalogue has it. */
  readonly free: number;
  /** Whether the catalogue is wrong and nothing can be had. */
  readonly isPhantom: boolean;
  /** Largest pod. */
  readonly maxCount: number;
  readonly pricePerGpu: MicroUsd;
  readonly host: Host;
}

/** Types, prices and stock. */
export class Market {
  readonly #types = new Map(simGpuTypes.map((type) => [type.id, type]));
  readonly #stock = new Map<string, Map<string, number>>();
  readonly #phantoms: () => readonly string[];

  /** @param phantoms `gpuTypeId/place` pairs that are listed but cannot be had. */
  constructor(stock: Stock, phantoms: () => readonly string[]) {
    this.#phantoms = phantoms;
    for (const [type, places] of Object.entries(stock)) {
      for (const [place, count] of Object.entries(places)) this.setStock(type, place, count);
    }
  }

  /** Every type at today's price. */
  types(): SimGpuType[] {
    return [...this.#types.values()];
  }

  /** A type. @throws {RangeError} For no such type. */
  type(id: string): SimGpuType {
    const type = this.#types.get(id);
    if (type === undefined) throw new RangeError(`No GPU type "${id}"`);
    return type;
  }

  /**
   * Changes a price for pods created from now on.
   *
   * @param usd Per GPU-hour; null for none. @throws {RangeError} For no such type.
   */
  setPrice(id: string, cloud: Cloud, usd: number | null): void {
    const field = cloud === "SECURE" ? "securePrice" : "communityPrice";
    this.#types.set(id, { ...this.type(id), [field]: usd });
  }

  /**
   * Sets how many GPUs of a type are free in a place.
   *
   * @throws {RangeError} For no such type or place, or one whose cloud does not sell the type.
   */
  setStock(id: string, place: string, count: number): void {
    const cloud = cloudOf(place);
    if (cloud === undefined) throw new RangeError(`No data center or country "${place}"`);
    if (maxCountOf(this.type(id), cloud) === 0) {
      throw new RangeError(`"${id}" is not sold on ${cloud}`);
    }
    const places = this.#stock.get(id) ?? new Map<string, number>();
    places.set(place, count);
    this.#stock.set(id, places);
  }

  /** Free GPUs by type and place. */
  stock(): Stock {
    return Object.fromEntries(
      [...this.#stock].map(([type, places]) => [type, Object.fromEntries(places)]),
    );
  }

  /** Changes how many GPUs are free. */
  move(id: string, place: string, count: number): void {
    this.setStock(id, place, (this.#stock.get(id)?.get(place) ?? 0) + count);
  }

  /** Countries of the community cloud, sorted. */
  countries(): string[] {
    const places = [...this.#stock.values()].flatMap((byPlace) => [...byPlace.keys()]);
    return [...new Set(places.filter((place) => cloudOf(place) === "COMMUNITY"))].sort();
  }

  /** The places that sell a type where the wish wants it, full ones included, cheapest first. */
  placements(wish: Wish): Placement[] {
    const type = this.#types.get(wish.gpuTypeId);
    if (type === undefined) return [];
    return [...this.#stock.get(type.id) ?? []]
      .filter(([place]) => suitsPlace(place, wish))
      .flatMap(([place, free]) => this.#toPlacement(type, place, free) ?? [])
      .sort((left, right) => left.pricePerGpu - right.pricePerGpu || right.free - left.free);
  }

  /** Where an order goes, or what the vendor says instead. */
  choose(wish: Wish): Placement | { readonly refusal: RunpodErrorName } {
    const free = this.placements(wish)
      .filter((placement) => !placement.isPhantom && fits(placement, wish) > 0);
    if (free.length === 0) return { refusal: "noInstances" };
    const large = free.filter(({ host }) => host.diskGb >= wish.minDiskGb);
    if (large.length === 0) return { refusal: "noDiskSpace" };
    return large.find((placement) => suitsShape(placement, wish)) ?? { refusal: "noSuchShape" };
  }

  #toPlacement(type: SimGpuType, place: string, free: number): Placement | undefined {
    const cloud = cloudOf(place) ?? "COMMUNITY";
    const price = cloud === "SECURE" ? type.securePrice : type.communityPrice;
    if (price === null) return undefined;
    const maxCount = maxCountOf(type, cloud);
    const isPhantom = this.#phantoms().includes(`${type.id}/${place}`);
    return {
      type,
      place,
      cloud,
      free: isPhantom ? Math.max(free, maxCount) : free,
      isPhantom,
      maxCount,
      pricePerGpu: toUsd(price),
      host: hostAt(type, place),
    };
  }
}

/** Exact dollars of a price as the vendor writes it. */
export function toUsd(price: number): MicroUsd {
  return parseUsd(price.toFixed(6));
}

/** How many pods of the wished size fit. */
export function fits({ free, maxCount }: Placement, { gpuCount }: Wish): number {
  return gpuCount > maxCount ? 0 : Math.floor(free / gpuCount);
}

/** Whether the hosts are what is wished for, disk aside. */
export function suitsShape({ host }: Placement, wish: Wish): boolean {
  return host.vcpuPerGpu * wish.gpuCount >= wish.minVcpuCount &&
    host.memoryPerGpuGb * wish.gpuCount >= wish.minMemoryGb &&
    suitsCuda(wish.cuda, host.cudaVersion);
}

function suitsPlace(place: string, wish: Wish): boolean {
  if (wish.cloud !== undefined && wish.cloud !== cloudOf(place)) return false;
  if (wish.dataCenterIds.length > 0 && !wish.dataCenterIds.includes(place)) return false;
  if (wish.countryCodes.length > 0 && !wish.countryCodes.includes(countryOf(place))) return false;
  return simDataCenters.get(place)?.listed !== false;
}

function maxCountOf(type: SimGpuType, cloud: Cloud): number {
  return cloud === "SECURE" ? type.maxSecure : type.maxCommunity;
}
