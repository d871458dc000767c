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

/** NVIDIA's architecture names, as in the label `nvidia.com/gpu.family`. */
export type GpuArchitecture =
  | "maxwell"
  | "pascal"
  | "volta"
  | "turing"
  | "ampere"
  | "ada-lovelace"
  | "hopper"
  | "blackwell";

/** How a card is built, where NVIDIA sold the model in more than one way. */
export type GpuFormFactor = "SXM2" | "SXM4" | "SXM5" | "SXM6" | "PCIe" | "NVL" | "FHHL";

/** One physical GPU. */
export interface GpuModel {
  /** Canonical id, upper case. */
  readonly id: string;
  /** Nominal memory of one GPU in GB, as it is sold. */
  readonly memoryGb: number;
  /** What the driver reports, in MiB, within a few percent; `undefined` where never seen. */
  readonly reportedMiB: number | undefined;
  readonly architecture: GpuArchitecture;
  /** CUDA compute capability. */
  readonly computeCapability: string;
  readonly formFactor: GpuFormFactor | undefined;
  /** Predicted value of the label `nvidia.com/gpu.product`. */
  readonly product: string;
  /** Architecture of the CPU it comes with, where it is part of the product. */
  readonly cpu: "arm64" | undefined;
}

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

const rows: readonly Row[] = [
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
  ["V100-PCIE-32GB", 32, 32768, "volta", "7.0", "PCIe", "Tesla-V100-PCIE-32GB"], // rule
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
  ["RTX-6000-ADA-48GB", 48, none, "ada-lovelace", "8.9", none, "NVIDIA-RTX-6000-Ada-Generation"],
  ["RTX-5000-ADA-32GB", 32, none, "ada-lovelace", "8.9", none, "NVIDIA-RTX-5000-Ada-Generation"],
  ["RTX-4000-ADA-20GB", 20, none, "ada-lovelace", "8.9", none, "NVIDIA-RTX-4000-Ada-Generation"],
  ["RTX-A6000-48GB", 48, 49140, "ampere", "8.6", none, "NVIDIA-RTX-A6000"],
  ["RTX-A5000-24GB", 24, 24564, "ampere", "8.6", none, "NVIDIA-RTX-A5000"],
  ["RTX-A4500-20GB", 20, none, "ampere", "8.6", none, "NVIDIA-RTX-A4500"], // rule
  ["RTX-A4000-16GB", 16, 16376, "ampere", "8.6", none, "NVIDIA-RTX-A4000"],
  ["QUADRO-RTX-6000-24GB", 24, 24220, "turing", "7.5", none, "Quadro-RTX-6000"],
  ["QUADRO-RTX-5000-16GB", 16, 16125, "turing", "7.5", none, "Quadro-RTX-5000"],
  ["QUADRO-RTX-4000-8GB", 8, 7982, "turing", "7.5", none, "Quadro-RTX-4000"], // rule
  ["QUADRO-P6000-24GB", 24, none, "pascal", "6.1", none, "Quadro-P6000"], // rule
  ["QUADRO-P5000-16GB", 16, none, "pascal", "6.1", none, "Quadro-P5000"], // rule
  ["QUADRO-P4000-8GB", 8, none, "pascal", "6.1", none, "Quadro-P4000"], // rule
  ["QUADRO-M4000-8GB", 8, none, "maxwell", "5.2", none, "Quadro-M4000"], // rule
  // GeForce
  ["RTX-5090-32GB", 32, 32607, "blackwell", "12.0", none, "NVIDIA-GeForce-RTX-5090"],
  ["RTX-4090-24GB", 24, 24564, "ada-lovelace", "8.9", none, "NVIDIA-GeForce-RTX-4090"],
  ["RTX-3090-24GB", 24, 24576, "ampere", "8.6", none, "NVIDIA-GeForce-RTX-3090"],
];

/** Every model we know, data-centre cards first. */
export const gpuModels: readonly GpuModel[] = rows.map((
  [id, memoryGb, reportedMiB, architecture, computeCapability, formFactor, product, cpu],
) =>
  Object.freeze({
    id,
    memoryGb,
    reportedMiB,
    architecture,
    computeCapability,
    formFactor,
    product,
    cpu,
  })
);

const modelById = new Map(gpuModels.map((model) => [model.id, model]));
const modelByProduct = new Map(gpuModels.map((model) => [model.product, model]));

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
