/**
 * Which physical GPU a canonical name means, and what Kubernetes will call it.
 *
 * A canonical id is `MODEL[-FORM]-<memory>GB`: the form factor where NVIDIA sold several, the nominal
 * memory always, and the full family name, because the bare numbers collide (four different cards are
 * an "RTX 6000"). Tables are exact; nothing here matches by substring.
 *
 * Sources: NVIDIA's GPU feature discovery labels and vendors' lists, read 2026-11-23. Labels marked
 * "rule" follow the naming rule (NVML product name, spaces as dashes) and were not seen literally.
 *
 * @module
 */

import { gpuResource } from "./quantity.ts";

/** Who makes it, in the words of {@linkcode gpuResources}. */
export type GpuVendor = "nvidia" | "amd";

/** The extended resource that each vendor's device plugin advertises. */
export const gpuResources: Readonly<Record<GpuVendor, string>> = Object.freeze({
  nvidia: gpuResource,
  amd: "amd.com/gpu",
});

/** NVIDIA's architecture names, as in the label `nvidia.com/gpu.family`; then AMD's. */
export type GpuArchitecture =
  | "maxwell"
  | "pascal"
  | "volta"
  | "turing"
  | "ampere"
  | "ada-lovelace"
  | "hopper"
  | "blackwell"
  | "cdna3";

/** How a card is built, where the model was sold in more than one way or is no plain card. */
export type GpuFormFactor = "SXM2" | "SXM4" | "SXM5" | "SXM6" | "PCIe" | "NVL" | "FHHL" | "OAM";

/** One physical GPU. */
export interface GpuModel {
  /** Canonical id, upper case. */
  readonly id: string;
  readonly vendor: GpuVendor;
  /** Nominal memory of one GPU in GB, as it is sold. */
  readonly memoryGb: number;
  /** What the driver reports, in MiB, within a few percent; `undefined` where never seen. */
  readonly reportedMiB: number | undefined;
  readonly architecture: GpuArchitecture;
  /** CUDA compute capability; `undefined` where there is no CUDA. */
  readonly computeCapability: string | undefined;
  readonly formFactor: GpuFormFactor | undefined;
  /**
   * Predicted value of the label `nvidia.com/gpu.product`. `undefined` for AMD: its node labeller's
   * product name may be missing, and one model has several device ids.
   */
  readonly product: string | undefined;
  /** Architecture of the CPU it comes with, where it is part of the product. */
  readonly cpu: "arm64" | undefined;
}

/** One model by NVIDIA. */
type Row = readonly [
  id: string,
  memoryGb: number,
  reportedMiB: number | undefined,
  architecture: GpuArchitecture,
  computeCapability: string,
  formFactor: GpuFormFactor | undefined,
  product: string,
  cpu?: "arm64",
];

const none = undefined;

const nvidiaRows: readonly Row[] = [
  // Data centre
  ["B300-288GB", 288, none, "blackwell", "10.3", "SXM6", "NVIDIA-B300-SXM6-AC"],
  ["B200-180GB", 180, 183359, "blackwell", "10.0", "SXM6", "NVIDIA-B200"],
  ["H200-SXM5-141GB", 141, 143771, "hopper", "9.0", "SXM5", "NVIDIA-H200"],
  ["H200-NVL-141GB", 141, 143771, "hopper", "9.0", "NVL", "NVIDIA-H200-NVL"],
  ["H100-SXM5-80GB", 80, 81559, "hopper", "9.0", "SXM5", "NVIDIA-H100-80GB-HBM3"],
  ["H100-PCIE-80GB", 80, 81559, "hopper", "9.0", "PCIe", "NVIDIA-H100-PCIe"],
  ["H100-NVL-94GB", 94, 95830, "hopper", "9.0", "NVL", "NVIDIA-H100-NVL"],
  // The 480 in its product name is the CPU's memory.
  ["GH200-96GB", 96, 97871, "hopper", "9.0", none, "NVIDIA-GH200-480GB", "arm64"],
  ["A100-SXM4-80GB", 80, 81920, "ampere", "8.0", "SXM4", "NVIDIA-A100-SXM4-80GB"],
  ["A100-SXM4-40GB", 40, 40960, "ampere", "8.0", "SXM4", "NVIDIA-A100-SXM4-40GB"],
  // The two PCIe cards order their words differently.
  ["A100-PCIE-80GB", 80, 81920, "ampere", "8.0", "PCIe", "NVIDIA-A100-80GB-PCIe"],
  ["A100-PCIE-40GB", 40, 40960, "ampere", "8.0", "PCIe", "NVIDIA-A100-PCIE-40GB"],
  ["A40-48GB", 48, 46068, "ampere", "8.6", none, "NVIDIA-A40"],
  ["A30-24GB", 24, 24576, "ampere", "8.0", none, "NVIDIA-A30"],
  ["A16-16GB", 16, 15356, "ampere", "8.6", none, "NVIDIA-A16"],
  ["A10-24GB", 24, 23028, "ampere", "8.6", none, "NVIDIA-A10"],
  ["L40S-48GB", 48, 46068, "ada-lovelace", "8.9", none, "NVIDIA-L40S"],
  ["L40-48GB", 48, 46068, "ada-lovelace", "8.9", none, "NVIDIA-L40"],
  ["L4-24GB", 24, 23034, "ada-lovelace", "8.9", none, "NVIDIA-L4"],
  ["T4-16GB", 16, 15360, "turing", "7.5", none, "Tesla-T4"],
  ["V100-SXM2-32GB", 32, 32768, "volta", "7.0", "SXM2", "Tesla-V100-SXM2-32GB"], // rule
  ["V100-SXM2-16GB", 16, 16384, "volta", "7.0", "SXM2", "Tesla-V100-SXM2-16GB"],
  ["V100-PCIE-32GB", 32, 32768, "volta", "7.0", "PCIe", "Tesla-V100-PCIE-32GB"],
  ["V100-PCIE-16GB", 16, 16384, "volta", "7.0", "PCIe", "Tesla-V100-PCIE-16GB"], // rule
  ["V100-FHHL-16GB", 16, none, "volta", "7.0", "FHHL", "Tesla-V100-FHHL-16GB"], // rule
  // Professional
  [
    "RTX-PRO-6000-SERVER-96GB",
    96,
    none,
    "blackwell",
    "12.0",
    none,
    "NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition",
  ],
  [
    "RTX-PRO-6000-WS-96GB",
    96,
    none,
    "blackwell",
    "12.0",
    none,
    "NVIDIA-RTX-PRO-6000-Blackwell-Workstation-Edition",
  ],
  [
    "RTX-PRO-6000-MAXQ-96GB",
    96,
    none,
    "blackwell",
    "12.0",
    none,
    "NVIDIA-RTX-PRO-6000-Blackwell-Max-Q-Workstation-Edition", // rule
  ],
  ["RTX-PRO-4500-32GB", 32, none, "blackwell", "12.0", none, "NVIDIA-RTX-PRO-4500-Blackwell"], // rule
  ["RTX-6000-ADA-48GB", 48, none, "ada-lovelace", "8.9", none, "NVIDIA-RTX-6000-Ada-Generation"],
  ["RTX-5000-ADA-32GB", 32, none, "ada-lovelace", "8.9", none, "NVIDIA-RTX-5000-Ada-Generation"],
  ["RTX-4000-ADA-20GB", 20, none, "ada-lovelace", "8.9", none, "NVIDIA-RTX-4000-Ada-Generation"], // rule
  [
    "RTX-4000-SFF-ADA-20GB",
    20,
    none,
    "ada-lovelace",
    "8.9",
    none,
    "NVIDIA-RTX-4000-SFF-Ada-Generation", // rule
  ],
  ["RTX-2000-ADA-16GB", 16, none, "ada-lovelace", "8.9", none, "NVIDIA-RTX-2000-Ada-Generation"], // rule
  ["RTX-A6000-48GB", 48, 49140, "ampere", "8.6", none, "NVIDIA-RTX-A6000"],
  ["RTX-A5000-24GB", 24, 24564, "ampere", "8.6", none, "NVIDIA-RTX-A5000"],
  ["RTX-A4500-20GB", 20, none, "ampere", "8.6", none, "NVIDIA-RTX-A4500"], // rule
  ["RTX-A4000-16GB", 16, 16376, "ampere", "8.6", none, "NVIDIA-RTX-A4000"],
  ["RTX-A2000-6GB", 6, none, "ampere", "8.6", none, "NVIDIA-RTX-A2000"], // rule
  ["RTX-A2000-12GB", 12, none, "ampere", "8.6", none, "NVIDIA-RTX-A2000-12GB"], // rule
  ["QUADRO-RTX-6000-24GB", 24, 24220, "turing", "7.5", none, "Quadro-RTX-6000"],
  ["QUADRO-RTX-5000-16GB", 16, 16125, "turing", "7.5", none, "Quadro-RTX-5000"],
  ["QUADRO-RTX-4000-8GB", 8, 7982, "turing", "7.5", none, "Quadro-RTX-4000"], // rule
  ["QUADRO-P6000-24GB", 24, none, "pascal", "6.1", none, "Quadro-P6000"], // rule
  ["QUADRO-P5000-16GB", 16, none, "pascal", "6.1", none, "Quadro-P5000"], // rule
  ["QUADRO-P4000-8GB", 8, none, "pascal", "6.1", none, "Quadro-P4000"], // rule
  ["QUADRO-M4000-8GB", 8, none, "maxwell", "5.2", none, "Quadro-M4000"], // rule
  // GeForce
  ["RTX-5090-32GB", 32, 32607, "blackwell", "12.0", none, "NVIDIA-GeForce-RTX-5090"],
  ["RTX-5080-16GB", 16, none, "blackwell", "12.0", none, "NVIDIA-GeForce-RTX-5080"],
  ["RTX-4090-24GB", 24, 24564, "ada-lovelace", "8.9", none, "NVIDIA-GeForce-RTX-4090"],
  ["RTX-4080-SUPER-16GB", 16, none, "ada-lovelace", "8.9", none, "NVIDIA-GeForce-RTX-4080-SUPER"],
  ["RTX-4080-16GB", 16, none, "ada-lovelace", "8.9", none, "NVIDIA-GeForce-RTX-4080"], // rule
  ["RTX-4070-TI-12GB", 12, none, "ada-lovelace", "8.9", none, "NVIDIA-GeForce-RTX-4070-Ti"], // rule
  ["RTX-3090-TI-24GB", 24, none, "ampere", "8.6", none, "NVIDIA-GeForce-RTX-3090-Ti"], // rule
  ["RTX-3090-24GB", 24, 24576, "ampere", "8.6", none, "NVIDIA-GeForce-RTX-3090"],
  ["RTX-3080-TI-12GB", 12, none, "ampere", "8.6", none, "NVIDIA-GeForce-RTX-3080-Ti"], // rule
  // A card with 12 GB calls itself the same.
  ["RTX-3080-10GB", 10, none, "ampere", "8.6", none, "NVIDIA-GeForce-RTX-3080"],
  ["RTX-3070-8GB", 8, none, "ampere", "8.6", none, "NVIDIA-GeForce-RTX-3070"],
];

const amdModels: readonly GpuModel[] = [{
  id: "MI300X-192GB",
  vendor: "amd",
  memoryGb: 192,
  reportedMiB: none,
  architecture: "cdna3",
  computeCapability: none,
  formFactor: "OAM",
  product: none,
  cpu: none,
}];

/** Every model we know, NVIDIA's first, of these the data-centre cards. */
export const gpuModels: readonly GpuModel[] = Object.freeze([
  ...nvidiaRows.map((
    [id, memoryGb, reportedMiB, architecture, computeCapability, formFactor, product, cpu],
  ): GpuModel => ({
    id,
    vendor: "nvidia",
    memoryGb,
    reportedMiB,
    architecture,
    computeCapability,
    formFactor,
    product,
    cpu,
  })),
  ...amdModels,
].map((model) => Object.freeze(model)));

/** Labels that also occur, each for a card that the table names by another. */
const otherProducts: Readonly<Record<string, string>> = {
  "NVIDIA-RTX-PRO-4500-Blackwell-Server-Edition": "RTX-PRO-4500-32GB",
};

const modelById = new Map(gpuModels.map((model) => [model.id, model]));
const modelByProduct = new Map(
  gpuModels.flatMap((model) => model.product === undefined ? [] : [[model.product, model]]),
);
for (const [product, id] of Object.entries(otherProducts)) {
  const model = modelById.get(id);
  if (model !== undefined) modelByProduct.set(product, model);
}

/** The model of a canonical id, in any case; `undefined` if there is none. */
export function findGpuModel(id: string): GpuModel | undefined {
  return modelById.get(id.toUpperCase());
}

/**
 * The model that a node's label `nvidia.com/gpu.product` names; `undefined` if unknown. Suffixes for
 * time slicing and MIG are ignored, and so is the `NVIDIA-` that old drivers leave out.
 */
export function findGpuModelByProduct(label: string): GpuModel | undefined {
  const product = label.replace(/-SHARED$/, "").replace(/-MIG-[0-9a-z.+]+$/, "");
  return modelByProduct.get(product) ?? modelByProduct.get(`NVIDIA-${product}`);
}

/** Who made the GPUs of an offer: what the table says, else what the cloud said, else NVIDIA. */
export function gpuVendorOf(
  gpu: { readonly model: string; readonly vendor?: GpuVendor | undefined },
): GpuVendor {
  return findGpuModel(gpu.model)?.vendor ?? gpu.vendor ?? "nvidia";
}

/**
 * How far reported memory may lie from the nominal. ECC and drivers take up to 7.8 % (a T4 with an old
 * driver); the closest sizes of one model are 17 % apart.
 */
const memoryTolerance = 0.1;

/**
 * Whether a card that reports so much memory can be this model. Vendors that say GB mean GiB.
 *
 * @param reportedMiB What the driver or the vendor says one GPU has, in MiB.
 */
export function hasMemoryOf(model: Pick<GpuModel, "memoryGb">, reportedMiB: number): boolean {
  return Math.abs(reportedMiB / 1024 - model.memoryGb) <= model.memoryGb * memoryTolerance;
}

/**
 * Canonical ids that a name may mean, for messages: those that hold all words of it (`H100`,
 * `a100 80gb`). Never used to decide.
 */
export function suggestGpuModels(name: string): string[] {
  const words = name.toUpperCase().split(/[^A-Z0-9]+/).filter((word) => word.length > 0);
  if (words.length === 0) return [];
  return gpuModels.map((model) => model.id).filter((id) => {
    const parts = id.split("-");
    return words.every((word) => parts.some((part) => part === word || part === `${word}GB`));
  });
}
