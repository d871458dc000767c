/**
 * A vendor's names of GPUs, as an exact table in both directions.
 *
 * @module
 */

import {
  findGpuModel,
  type GpuModel,
  hasMemoryOf,
  suggestGpuModels,
} from "../../schemas/gpu_models.ts";

/** Names of GPUs at one vendor. */
export class NativeGpus {
  readonly #vendor: string;
  readonly #models: ReadonlyMap<string, string>;
  readonly #natives: ReadonlyMap<string, string>;

  /**
   * @param vendor Display name, for messages.
   * @param models Canonical id by the vendor's exact name; of several names of one model the first is
   * the one we send.
   */
  constructor(vendor: string, models: ReadonlyMap<string, string>) {
    this.#vendor = vendor;
    this.#models = models;
    const natives = new Map<string, string>();
    for (const [native, model] of models) if (!natives.has(model)) natives.set(model, native);
    this.#natives = natives;
  }

  /**
   * The model that a vendor's name means; `undefined` if it is not in the table, or if the vendor gives
   * it so much more or less memory that it is another card of that name. Runs of spaces count as one:
   * vendors' own lists differ in them.
   *
   * @param memoryGb Memory of one GPU as the vendor states it, if it does.
   */
  find(native: string, memoryGb?: number): GpuModel | undefined {
    const id = this.#models.get(native.trim().replace(/\s+/g, " "));
    const model = id === undefined ? undefined : findGpuModel(id);
    if (model === undefined || memoryGb === undefined) return model;
    return hasMemoryOf(model, memoryGb * 1024) ? model : undefined;
  }

  /**
   * The vendor's name of a canonical model.
   *
   * @throws {RangeError} Listing candidates, if the vendor does not sell it or the name is ambiguous.
   */
  toNative(model: string): string {
    const native = this.#natives.get(model.toUpperCase());
    if (native !== undefined) return native;
    const candidates = suggestGpuModels(model).filter((id) => this.#natives.has(id));
    throw new RangeError(
      candidates.length > 0
        ? `Cannot tell which GPU "${model}" is at ${this.#vendor}: write one of ${
          candidates.join(", ")
        }`
        : `Cannot find GPU "${model}" at ${this.#vendor}: it sells ${
          [...this.#natives.keys()].join(", ")
        }`,
    );
  }
}
