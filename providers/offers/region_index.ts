/**
 * Region codes by their provider-qualified labels: those of a table, and those learned from answers.
 *
 * @module
 */

import type { LabelledLocation } from "./build_offer.ts";

/** See the module. */
export class RegionIndex {
  readonly #vendor: string;
  readonly #locate: (native: string) => LabelledLocation;
  readonly #natives = new Map<string, string>();

  /** @param vendor Display name, for messages. @param known Codes of the table. */
  constructor(
    vendor: string,
    locate: (native: string) => LabelledLocation,
    known: Iterable<string>,
  ) {
    this.#vendor = vendor;
    this.#locate = locate;
    this.learn(known);
  }

  /** Notes codes that an answer holds. */
  learn(natives: Iterable<string>): void {
    for (const native of natives) this.#natives.set(this.#locate(native).label, native);
  }

  /** Whether the code is known. */
  has(native: string): boolean {
    return this.#natives.has(this.#locate(native).label);
  }

  /** Reads a label as well as the vendor's own code. */
  read(region: string): string {
    return this.#natives.get(region) ?? region;
  }

  /** The code of a label. @throws {RangeError} Listing the labels. */
  toNative(label: string): string {
    const native = this.#natives.get(label);
    if (native !== undefined) return native;
    throw new RangeError(
      `Cannot find region "${label}" at ${this.#vendor}: write one of ${
        [...this.#natives.keys()].sort().join(", ")
      }`,
    );
  }
}
