/**
 * RunPod's names of GPUs.
 *
 * An id is the product name that NVIDIA's driver reports, so it may hide the form factor:
 * `NVIDIA H100 80GB HBM3` and `NVIDIA H200` are the SXM cards. Exact ids from the vendor's table of
 * 2026-02-12 and its REST v1 enum of 2026-08-20, read 2026-11-24. Slices of cards (MIG) are left out on
 * purpose: they are no card of that model, and are offered under their own names.
 *
 * @module
 */

import { type GpuModel, gpuVendorOf } from "../../schemas/gpu_models.ts";
import type { OfferGpu } from "../contract.ts";
import { NativeGpus } from "../offers/native_gpus.ts";
import type { RunpodGpu } from "./api.ts";

/** Canonical id by `gpuTypeId`; of several spellings the first is the one we send. */
export const runpodGpuTypes: ReadonlyMap<string, string> = new Map([
  ["AMD Instinct MI300X OAM", "MI300X-192GB"],
  ["NVIDIA B300 SXM6 AC", "B300-288GB"],
  ["NVIDIA B200", "B200-180GB"],
  ["NVIDIA H200", "H200-SXM5-141GB"],
  ["NVIDIA H200 NVL", "H200-NVL-141GB"],
  ["NVIDIA H100 80GB HBM3", "H100-SXM5-80GB"],
  ["NVIDIA H100 NVL", "H100-NVL-94GB"],
  ["NVIDIA H100 PCIe", "H100-PCIE-80GB"],
  ["NVIDIA A100-SXM4-80GB", "A100-SXM4-80GB"],
  ["NVIDIA A100 80GB PCIe", "A100-PCIE-80GB"],
  ["NVIDIA A100-SXM4-40GB", "A100-SXM4-40GB"],
  ["NVIDIA L40S", "L40S-48GB"],
  ["NVIDIA L40", "L40-48GB"],
  ["NVIDIA L4", "L4-24GB"],
  ["NVIDIA A40", "A40-48GB"],
  ["NVIDIA A30", "A30-24GB"],
  ["NVIDIA RTX A30", "A30-24GB"],
  ["NVIDIA RTX PRO 6000 Blackwell Server Edition", "RTX-PRO-6000-SERVER-96GB"],
  ["NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "RTX-PRO-6000-WS-96GB"],
  ["NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", "RTX-PRO-6000-MAXQ-96GB"],
  ["NVIDIA RTX PRO 4500 Blackwell", "RTX-PRO-4500-32GB"],
  // Ada; the bare "RTX 6000" is Turing's, "RTX A6000" Ampere's, "RTX PRO 6000" Blackwell's.
  ["NVIDIA RTX 6000 Ada Generation", "RTX-6000-ADA-48GB"],
  ["NVIDIA RTX 5000 Ada Generation", "RTX-5000-ADA-32GB"],
  ["NVIDIA RTX 4000 Ada Generation", "RTX-4000-ADA-20GB"],
  ["NVIDIA RTX 4000 SFF Ada Generation", "RTX-4000-SFF-ADA-20GB"],
  ["NVIDIA RTX 2000 Ada Generation", "RTX-2000-ADA-16GB"],
  ["NVIDIA RTX A6000", "RTX-A6000-48GB"],
  ["NVIDIA RTX A5000", "RTX-A5000-24GB"],
  ["NVIDIA RTX A4500", "RTX-A4500-20GB"],
  ["NVIDIA RTX A4000", "RTX-A4000-16GB"],
  ["NVIDIA RTX A2000", "RTX-A2000-6GB"],
  ["NVIDIA GeForce RTX 5090", "RTX-5090-32GB"],
  ["NVIDIA GeForce RTX 5080", "RTX-5080-16GB"],
  ["NVIDIA GeForce RTX 4090", "RTX-4090-24GB"],
  ["NVIDIA GeForce RTX 4080 SUPER", "RTX-4080-SUPER-16GB"],
  ["NVIDIA GeForce RTX 4080", "RTX-4080-16GB"],
  ["NVIDIA GeForce RTX 4070 Ti", "RTX-4070-TI-12GB"],
  ["NVIDIA GeForce RTX 3090 Ti", "RTX-3090-TI-24GB"],
  ["NVIDIA GeForce RTX 3090", "RTX-3090-24GB"],
  ["NVIDIA GeForce RTX 3080 Ti", "RTX-3080-TI-12GB"],
  ["NVIDIA GeForce RTX 3080TI", "RTX-3080-TI-12GB"],
  // A card of 12 GB has the same name; the stated memory tells them apart.
  ["NVIDIA GeForce RTX 3080", "RTX-3080-10GB"],
  ["NVIDIA GeForce RTX 3070", "RTX-3070-8GB"],
  ["Tesla V100-SXM2-32GB", "V100-SXM2-32GB"],
  ["Tesla V100-SXM2-16GB", "V100-SXM2-16GB"],
  ["Tesla V100-PCIE-32GB", "V100-PCIE-32GB"],
  ["Tesla V100-PCIE-16GB", "V100-PCIE-16GB"],
  ["Tesla V100-FHHL-16GB", "V100-FHHL-16GB"],
  ["Tesla T4", "T4-16GB"],
]);

const gpus = new NativeGpus("RunPod", runpodGpuTypes);

/** The model that a `gpuTypeId` names; `undefined` if it is not in the table. */
export function fromRunpodGpu(gpuId: string, memoryGb?: number): GpuModel | undefined {
  return gpus.find(gpuId, memoryGb);
}

/**
 * The `gpuTypeId` of a canonical model.
 *
 * @throws {RangeError} Listing candidates, if RunPod does not sell it or the name is ambiguous.
 */
export function toRunpodGpu(model: string): string {
  return gpus.toNative(model);
}

/** The GPUs of a pod with so many of a type. One that the table does not know keeps RunPod's name. */
export function toOfferGpu(
  { id, memoryGb, manufacturer }: Pick<RunpodGpu, "id" | "memoryGb" | "manufacturer">,
  count: number,
): OfferGpu {
  const model = fromRunpodGpu(id, memoryGb > 0 ? memoryGb : undefined);
  if (model !== undefined) {
    return { model: model.id, known: true, count, memoryGb: model.memoryGb };
  }
  const vendor = /^amd$/i.test(manufacturer) ? "amd" : gpuVendorOf({ model: id });
  return { model: id, known: false, vendor, count, memoryGb };
}
