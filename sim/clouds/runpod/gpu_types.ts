/**
 * The GPU types that the simulated RunPod knows.
 *
 * Ids, names and memory from the vendor's table of February 2026; prices and shapes are such as were
 * seen in 2025 and 2026, or plausible. Sizes of hosts differ by place, see `hosts.ts`.
 *
 * @module
 */

/** A GPU type. Prices in USD per GPU-hour; a price without a cloud that sells is an old one. */
export interface SimGpuType {
  readonly id: string;
  readonly name: string;
  readonly memoryGb: number;
  readonly securePrice: number | null;
  readonly communityPrice: number | null;
  /** Largest pod; zero where the cloud does not sell the type. */
  readonly maxSecure: number;
  readonly maxCommunity: number;
  /** What a pod gets for each GPU on the leanest host. */
  readonly vcpuPerGpu: number;
  readonly memoryPerGpuGb: number;
}

type Row = readonly [
  id: string,
  name: string,
  memoryGb: number,
  securePrice: number | null,
  communityPrice: number | null,
  maxSecure: number,
  maxCommunity: number,
  vcpuPerGpu: number,
  memoryPerGpuGb: number,
];

const pro6000 = "NVIDIA RTX PRO 6000 Blackwell";

const rows: readonly Row[] = [
  // Not sold on COMMUNITY, with an old price: as recorded.
  ["AMD Instinct MI300X OAM", "MI300X", 192, 2.49, 1.99, 8, 0, 24, 283],
  ["NVIDIA B300 SXM6 AC", "B300", 288, 6.99, null, 8, 0, 32, 275],
  ["NVIDIA B200", "B200", 180, 5.89, null, 8, 0, 28, 180],
  ["NVIDIA H200", "H200 SXM", 141, 4.39, 3.59, 8, 0, 24, 188],
  ["NVIDIA H200 NVL", "NVIDIA H200 NVL", 143, 3.79, null, 8, 0, 16, 188],
  ["NVIDIA H100 80GB HBM3", "H100 SXM", 80, 3.29, 2.69, 8, 8, 20, 180],
  ["NVIDIA H100 NVL", "H100 NVL", 94, 2.59, null, 10, 0, 16, 94],
  ["NVIDIA H100 PCIe", "H100 PCIe", 80, 2.39, 1.99, 8, 8, 16, 125],
  ["NVIDIA A100-SXM4-80GB", "A100 SXM", 80, 1.49, null, 8, 0, 16, 117],
  ["NVIDIA A100-SXM4-40GB", "A100 SXM 40GB", 40, null, 0.89, 0, 8, 16, 62],
  ["NVIDIA A100 80GB PCIe", "A100 PCIe", 80, 1.39, 1.19, 8, 8, 8, 117],
  ["NVIDIA L40S", "L40S", 48, 0.86, 0.79, 8, 8, 12, 62],
  ["NVIDIA L40", "L40", 48, 0.99, 0.69, 10, 4, 8, 94],
  ["NVIDIA A40", "A40", 48, 0.35, null, 10, 0, 9, 50],
  ["NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada", 48, 0.77, 0.74, 8, 4, 10, 62],
  ["NVIDIA RTX A6000", "RTX A6000", 48, 0.49, 0.33, 10, 8, 9, 50],
  [`${pro6000} Server Edition`, "RTX PRO 6000", 96, 1.89, null, 9, 0, 16, 188],
  [`${pro6000} Workstation Edition`, "RTX PRO 6000 WK", 96, 1.79, null, 4, 0, 16, 125],
  [`${pro6000} Max-Q Workstation Edition`, "RTX PRO 6000 MaxQ", 96, 1.69, null, 7, 0, 12, 125],
  [`${pro6000} Server Edition MIG 2g.48gb`, "PRO 6000 MIG 48GB", 48, 0.95, null, 4, 0, 8, 94],
  [`${pro6000} Server Edition MIG 1g.24gb`, "PRO 6000 MIG 24GB", 24, 0.48, null, 4, 0, 4, 47],
  ["NVIDIA RTX PRO 4500 Blackwell", "RTX PRO 4500", 32, 0.72, null, 3, 0, 8, 62],
  ["NVIDIA RTX 5000 Ada Generation", "RTX 5000 Ada", 32, null, 0.55, 0, 4, 8, 62],
  ["NVIDIA GeForce RTX 5090", "RTX 5090", 32, 0.94, 0.69, 8, 8, 12, 46],
  ["NVIDIA GeForce RTX 5080", "RTX 5080", 16, null, 0.39, 0, 2, 8, 31],
  ["NVIDIA GeForce RTX 4090", "RTX 4090", 24, 0.69, 0.34, 8, 8, 8, 31],
  ["NVIDIA GeForce RTX 4080", "RTX 4080", 16, null, 0.27, 0, 5, 8, 31],
  ["NVIDIA GeForce RTX 4080 SUPER", "RTX 4080 SUPER", 16, null, 0.28, 0, 6, 8, 31],
  ["NVIDIA GeForce RTX 4070 Ti", "RTX 4070 Ti", 12, null, 0.19, 0, 4, 8, 30],
  ["NVIDIA GeForce RTX 3090", "RTX 3090", 24, 0.46, 0.22, 4, 8, 8, 31],
  ["NVIDIA GeForce RTX 3090 Ti", "RTX 3090 Ti", 24, null, 0.27, 0, 9, 8, 31],
  ["NVIDIA GeForce RTX 3080", "RTX 3080", 10, null, 0.17, 0, 4, 8, 30],
  ["NVIDIA GeForce RTX 3080 Ti", "RTX 3080 Ti", 12, null, 0.18, 0, 5, 8, 30],
  ["NVIDIA GeForce RTX 3070", "RTX 3070", 8, null, 0.13, 0, 4, 6, 30],
  ["NVIDIA L4", "L4", 24, 0.44, null, 10, 0, 8, 50],
  ["NVIDIA A30", "A30", 24, null, 0.22, 0, 4, 8, 31],
  ["NVIDIA RTX A5000", "RTX A5000", 24, 0.27, 0.16, 10, 8, 8, 31],
  ["NVIDIA RTX A4500", "RTX A4500", 20, 0.25, 0.19, 4, 4, 7, 29],
  ["NVIDIA RTX 4000 Ada Generation", "RTX 4000 Ada", 20, 0.26, null, 8, 0, 9, 50],
  ["NVIDIA RTX 4000 SFF Ada Generation", "RTX 4000 Ada SFF", 20, 0.24, null, 4, 0, 6, 31],
  ["NVIDIA RTX A4000", "RTX A4000", 16, 0.25, 0.09, 12, 8, 6, 25],
  ["NVIDIA RTX 2000 Ada Generation", "RTX 2000 Ada", 16, 0.24, null, 6, 0, 6, 31],
  ["NVIDIA RTX A2000", "RTX A2000", 6, null, 0.1, 0, 4, 4, 16],
  ["Tesla V100-SXM2-32GB", "V100 SXM2 32GB", 32, null, 0.29, 0, 4, 8, 31],
  ["Tesla V100-SXM2-16GB", "V100 SXM2", 16, null, 0.19, 0, 8, 8, 31],
  ["Tesla V100-PCIE-16GB", "Tesla V100", 16, null, 0.19, 0, 8, 8, 31],
];

/** Every GPU type. */
export const simGpuTypes: readonly SimGpuType[] = Object.freeze(
  rows.map((row): SimGpuType => {
    const [id, name, memoryGb, securePrice, communityPrice, maxSecure, maxCommunity] = row;
    const [, , , , , , , vcpuPerGpu, memoryPerGpuGb] = row;
    return {
      id,
      name,
      memoryGb,
      securePrice,
      communityPrice,
      maxSecure,
      maxCommunity,
      vcpuPerGpu,
      memoryPerGpuGb,
    };
  }),
);

/** What the catalogue holds besides real types. */
export const placeholderType: SimGpuType = Object.freeze({
  id: "unknown",
  name: "unknown",
  memoryGb: 0,
  securePrice: null,
  communityPrice: null,
  maxSecure: 0,
  maxCommunity: 0,
  vcpuPerGpu: 0,
  memoryPerGpuGb: 0,
});

/** Who made it, in GraphQL's words. */
export function manufacturerOf({ id }: SimGpuType): "Nvidia" | "AMD" | "Unknown" {
  if (id === placeholderType.id) return "Unknown";
  return id.startsWith("AMD") ? "AMD" : "Nvidia";
}
