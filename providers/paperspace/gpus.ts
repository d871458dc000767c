/**
 * Paperspace's names of GPUs: the labels of its machine types.
 *
 * The labels mislead: RTX4000 and RTX5000 are Turing Quadros, A4000 to A6000 are RTX cards of Ampere and no
 * data-centre cards, GPU+ is a Quadro of Maxwell. Which form factor V100, A100 and H100 have, the vendor
 * does not state; they are mapped as our catalogue of names does (2026-11-24): V100 and A100 to the PCIe
 * cards, which promises no more than what is surely there, H100 to SXM5, as the vendor's machine with
 * eight is NVLink. (Another reading of the vendor's pages has A100-80G as SXM4.)
 *
 * @module
 */

import type { GpuModel } from "../../schemas/gpu_models.ts";
import { NativeGpus } from "../offers/native_gpus.ts";
import { machineTypes } from "./machine_types.ts";

/** Canonical id by label of the machine with one GPU. */
export const paperspaceGpus: ReadonlyMap<string, string> = new Map([
  ["GPU+", "QUADRO-M4000-8GB"],
  ["P4000", "QUADRO-P4000-8GB"],
  ["P5000", "QUADRO-P5000-16GB"],
  ["P6000", "QUADRO-P6000-24GB"],
  ["RTX4000", "QUADRO-RTX-4000-8GB"],
  ["RTX5000", "QUADRO-RTX-5000-16GB"],
  ["A4000", "RTX-A4000-16GB"],
  ["A5000", "RTX-A5000-24GB"],
  ["A6000", "RTX-A6000-48GB"],
  ["V100", "V100-PCIE-16GB"],
  ["V100-32G", "V100-PCIE-32GB"],
  ["A100", "A100-PCIE-40GB"],
  ["A100-80G", "A100-PCIE-80GB"],
  ["H100", "H100-SXM5-80GB"],
]);

/** Single machines come first, so that theirs is the label of a model. */
const gpus = new NativeGpus(
  "Paperspace",
  new Map([
    ...paperspaceGpus,
    ...[...machineTypes.values()].flatMap(({ label, base }) => {
      const model = paperspaceGpus.get(base);
      return model === undefined ? [] : [[label, model] as const];
    }),
  ]),
);

/** The model in a machine type, of any count; `undefined` for others and for those without GPUs. */
export function fromPaperspaceGpu(label: string): GpuModel | undefined {
  return gpus.find(label);
}

/**
 * The label of the machine with one GPU of a canonical model.
 *
 * @throws {RangeError} Listing candidates, if Paperspace does not sell it or the name is ambiguous.
 */
export function toPaperspaceGpu(model: string): string {
  return gpus.toNative(model);
}
