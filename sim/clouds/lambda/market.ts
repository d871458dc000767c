/**
 * What the simulated Lambda sells now: machine types at today's prices, and how many are free where.
 *
 * @module
 */

import { defaultStock, type SimInstanceType, simInstanceTypes, type Stock } from "./catalog.ts";

/** See the module. */
export class Market {
  readonly #types = new Map(simInstanceTypes);
  readonly #free = new Map<string, Map<string, number>>();

  constructor(stock: Stock = defaultStock) {
    for (const [type, regions] of Object.entries(stock)) {
      for (const [region, count] of Object.entries(regions)) this.setStock(type, region, count);
    }
  }

  /** Every machine type at today's price. */
  types(): SimInstanceType[] {
    return [...this.#types.values()];
  }

  /** A machine type, if it is sold. */
  find(type: string): SimInstanceType | undefined {
    return this.#types.get(type);
  }

  /** A machine type. @throws {RangeError} For no such type. */
  type(name: string): SimInstanceType {
    const type = this.find(name);
    if (type === undefined) throw new RangeError(`No instance type "${name}"`);
    return type;
  }

  /**
   * Changes a type's price for machines launched from now on.
   *
   * @param cents US cents per hour. @throws {RangeError} For no such type.
   */
  setPrice(type: string, cents: number): void {
    this.#types.set(type, { ...this.type(type), price_cents_per_hour: cents });
  }

  /** How many machines of a type are free in a region. */
  free(type: string, region: string): number {
    return this.#free.get(type)?.get(region) ?? 0;
  }

  /** Sets how many machines of a type are free in a region. @throws {RangeError} For no such type. */
  setStock(type: string, region: string, count: number): void {
    this.type(type);
    const regions = this.#free.get(type) ?? new Map<string, number>();
    regions.set(region, count);
    this.#free.set(type, regions);
  }

  /** Free machines by type and region, without zeros. */
  stock(): Stock {
    return Object.fromEntries([...this.#free].map(([type, regions]) => [
      type,
      Object.fromEntries([...regions].filter(([, count]) => count > 0)),
    ]));
  }
}
