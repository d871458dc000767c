/**
 * Lambda's names of GPUs.
 *
 * The type's name hides the form factor (`gpu_1x_a100` is PCIe, `gpu_8x_a100` is SXM4); only
 * `gpu_description` tells, so that is the key. Exact texts as the API writes them, read 2026-11-23.
 *
 * @module
 */

import type { GpuModel } from "../../schemas/gpu_models.ts";
import { NativeGpus } from "../offers/native_gpus.ts";

/** Canonical id by `gpu_description`. */
export const lambdaGpuDescriptions: ReadonlyMap<string, string> = new Map([
  ["B200 (180 GB SXM6)", "B200-180GB"],
  ["H100 (80 GB SXM5)", "H100-SXM5-80GB"],
  ["H100 (80 GB PCIe)", "H100-PCIE-80GB"],
  ["GH200 (96 GB)", "GH200-96GB"],
  ["A100 (80 GB SXM4)", "A100-SXM4-80GB"],
  ["A100 (40 GB SXM4)", "A100-SXM4-40GB"],
  ["A100 (40 GB PCIe)", "A100-PCIE-40GB"],
  ["A6000 (48 GB)", "RTX-A6000-48GB"],
  ["A10 (24 GB PCIe)", "A10-24GB"],
  // Turing's Quadro, not one of the three later cards of that number.
  ["RTX 6000 (24 GB)", "QUADRO-RTX-6000-24GB"],
  ["Tesla V100 (16 GB)", "V100-SXM2-16GB"],
]);

const gpus = new NativeGpus("Lambda", lambdaGpuDescriptions);

/** The model that a `gpu_description` names; `undefined` if it is not in the table. */
export function fromLambdaGpu(description: string): GpuModel | undefined {
  return gpus.find(description.trim().replace(/\s+/g, " "));
}

/**
 * The `gpu_description` of a canonical model.
 *
 * @throws {RangeError} Listing candidates, if Lambda does not sell it or the name is ambiguous.
 */
export function toLambdaGpu(model: string): string {
  return gpus.toNative(model);
}

/** What can be read from the description of a GPU that is not in the table. */
export interface UnknownGpu {
  /** The vendor's own name without its memory: `H300`. */
  readonly name: string;
  /** Nominal GB; 0 when the description does not say. */
  readonly memoryGb: number;
}

/** Takes a `gpu_description` such as `H300 (288 GB SXM7)` apart. */
export function parseLambdaGpuDescription(description: string): UnknownGpu {
  const match = /^(?:Tesla )?(.+?) \((\d+) GB/.exec(description.trim());
  return { name: match?.[1] ?? description.trim(), memoryGb: Number(match?.[2] ?? 0) };
}

/**
 * The CPU architecture of a type. The API has no such field; Grace superchips (`GH200`, `GB200`, …)
 * are 64-bit ARM, everything else is x86.
 */
export function lambdaArchitecture(description: string): "amd64" | "arm64" {
  return /^G[BH]\d{3}\b/.test(description.trim()) ? "arm64" : "amd64";
}
