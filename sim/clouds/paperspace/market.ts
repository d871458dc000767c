/**
 * What can be had for how much: shared by all teams.
 *
 * @module
 */

import {
  defaultStock,
  type SimMachineType,
  simMachineTypes,
  type SimRegion,
  type SimStock,
  toSimRegion,
} from "./catalog.ts";

/** Prices and free machines. */
export class Market {
  readonly #types = new Map(simMachineTypes);
  readonly #free = new Map<string, Map<SimRegion, number>>();

  constructor(stock: SimStock = defaultStock) {
    for (const [label, regions] of Object.entries(stock)) {
      for (const [region, count] of Object.entries(regions)) this.setStock(label, region, count);
    }
  }

  /** A type at today's price, by its exact label. */
  type(label: string): SimMachineType | undefined {
    return this.#types.get(label);
  }

  /**
   * Changes a type's price for machines created from now on.
   *
   * @param usd US dollars per hour. @throws {RangeError} For no such type.
   */
  setPrice(label: string, usd: number): void {
    this.#types.set(label, { ...this.#known(label), usageRate: usd });
  }

  /**
   * Sets how many machines of a type are free in a region.
   *
   * @param region Code or long name. @throws {RangeError} For no such type or region.
   */
  setStock(label: string, region: string, count: number): void {
    this.#known(label);
    const code = toSimRegion(region);
    if (code === undefined) throw new RangeError(`No region "${region}"`);
    const regions = this.#free.get(label) ?? new Map<SimRegion, number>();
    regions.set(code, count);
    this.#free.set(label, regions);
  }

  /** Free machines of a type in a region. */
  free(label: string, region: SimRegion): number {
    return this.#free.get(label)?.get(region) ?? 0;
  }

  /** Takes (`-1`) or gives back (`1`) a machine. */
  move(label: string, region: SimRegion, count: 1 | -1): void {
    this.setStock(label, region, this.free(label, region) + count);
  }

  /** Free machines by type and region, without zeros. */
  stock(): SimStock {
    return Object.fromEntries([...this.#free].map(([label, regions]) => [
      label,
      Object.fromEntries([...regions].filter(([, count]) => count > 0)),
    ]));
  }

  #known(label: string): SimMachineType {
    const type = this.#types.get(label);
    if (type === undefined) throw new RangeError(`No machine type "${label}"`);
    return type;
  }
}
