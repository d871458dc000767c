/**
 * What the simulated Lambda sells: the vendor's list of mid-2026, and a plausible stock.
 *
 * Prices and shapes are list prices read 2026-07; the vendor raises them now and then.
 *
 * @module
 */

import type { components } from "../../../generated/lambda.d.ts";

/** A machine type as it is on the wire. */
export type SimInstanceType = components["schemas"]["InstanceType"];

type Row = readonly [
  name: string,
  gpu: string,
  gpus: number,
  vcpus: number,
  memoryGib: number,
  storageGib: number,
  cents: number,
];

const rows: readonly Row[] = [
  ["gpu_8x_b200_sxm6", "B200 (180 GB SXM6)", 8, 208, 2900, 22528, 5352],
  ["gpu_4x_b200_sxm6", "B200 (180 GB SXM6)", 4, 104, 1450, 11264, 2716],
  ["gpu_2x_b200_sxm6", "B200 (180 GB SXM6)", 2, 52, 720, 5632, 1378],
  ["gpu_1x_b200_sxm6", "B200 (180 GB SXM6)", 1, 26, 360, 2816, 699],
  ["gpu_8x_h100_sxm5", "H100 (80 GB SXM5)", 8, 208, 1800, 22528, 3192],
  ["gpu_4x_h100_sxm5", "H100 (80 GB SXM5)", 4, 104, 900, 11264, 1636],
  ["gpu_2x_h100_sxm5", "H100 (80 GB SXM5)", 2, 52, 450, 5632, 838],
  ["gpu_1x_h100_sxm5", "H100 (80 GB SXM5)", 1, 26, 225, 2816, 429],
  ["gpu_1x_h100_pcie", "H100 (80 GB PCIe)", 1, 26, 200, 1024, 329],
  ["gpu_1x_gh200", "GH200 (96 GB)", 1, 64, 432, 4096, 229],
  ["gpu_8x_a100_80gb_sxm4", "A100 (80 GB SXM4)", 8, 240, 1800, 20480, 2232],
  ["gpu_8x_a100", "A100 (40 GB SXM4)", 8, 124, 1800, 6144, 1592],
  ["gpu_1x_a100_sxm4", "A100 (40 GB SXM4)", 1, 30, 200, 512, 199],
  ["gpu_4x_a100", "A100 (40 GB PCIe)", 4, 120, 800, 1024, 796],
  ["gpu_2x_a100", "A100 (40 GB PCIe)", 2, 60, 400, 1024, 398],
  ["gpu_1x_a100", "A100 (40 GB PCIe)", 1, 30, 200, 512, 199],
  ["gpu_4x_a6000", "A6000 (48 GB)", 4, 56, 400, 1024, 436],
  ["gpu_2x_a6000", "A6000 (48 GB)", 2, 28, 200, 1024, 218],
  ["gpu_1x_a6000", "A6000 (48 GB)", 1, 14, 100, 200, 109],
  ["gpu_1x_a10", "A10 (24 GB PCIe)", 1, 30, 200, 1400, 129],
  ["gpu_1x_rtx6000", "RTX 6000 (24 GB)", 1, 14, 46, 512, 69],
  ["gpu_8x_v100", "Tesla V100 (16 GB)", 8, 92, 448, 6041, 632],
  ["cpu_4x_general", "N/A", 0, 4, 16, 100, 20],
];

/** Every machine type, by name. */
export const simInstanceTypes: ReadonlyMap<string, SimInstanceType> = new Map(
  rows.map(([name, gpu, gpus, vcpus, memory_gib, storage_gib, price_cents_per_hour]) => [name, {
    name,
    description: gpus === 0 ? "4x CPU General (16 GiB)" : `${gpus}x ${gpu}`,
    gpu_description: gpu,
    price_cents_per_hour,
    specs: { vcpus, memory_gib, storage_gib, gpus },
  }]),
);

/** Every region and the vendor's words for it. */
export const simRegions: ReadonlyMap<string, string> = new Map([
  ["us-east-1", "Virginia, USA"],
  ["us-east-2", "Washington DC, USA"],
  ["us-east-3", "Washington DC, USA"],
  ["us-southeast-1", "Georgia, USA"],
  ["us-midwest-1", "Illinois, USA"],
  ["us-midwest-2", "Ohio, USA"],
  ["us-south-1", "Texas, USA"],
  ["us-south-2", "North Texas, USA"],
  ["us-south-3", "Central Texas, USA"],
  ["us-west-1", "California, USA"],
  ["us-west-2", "Arizona, USA"],
  ["us-west-3", "Utah, USA"],
  ["europe-central-1", "Germany"],
  ["me-west-1", "Israel"],
  ["asia-south-1", "India"],
  ["asia-northeast-1", "Osaka, Japan"],
  ["asia-northeast-2", "Tokyo, Japan"],
  ["australia-east-1", "Sydney, Australia"],
]);

/** Free machines by type and region; what is absent is sold out. */
export type Stock = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A plausible day: small machines can be had, large ones here and there, some kinds nowhere. */
export const defaultStock: Stock = Object.freeze({
  gpu_8x_b200_sxm6: { "us-east-1": 1 },
  gpu_1x_b200_sxm6: { "us-east-1": 2, "australia-east-1": 1 },
  gpu_8x_h100_sxm5: { "us-south-2": 2, "us-south-3": 1, "us-west-3": 1 },
  gpu_4x_h100_sxm5: { "us-south-3": 2 },
  gpu_2x_h100_sxm5: { "us-south-2": 2, "us-south-3": 2 },
  gpu_1x_h100_sxm5: { "us-south-2": 4, "us-south-3": 4 },
  gpu_1x_h100_pcie: { "us-west-3": 6 },
  gpu_8x_a100_80gb_sxm4: { "us-midwest-1": 2, "us-east-1": 1, "australia-east-1": 1 },
  gpu_8x_a100: {
    "us-west-2": 2,
    "us-east-1": 2,
    "me-west-1": 1,
    "europe-central-1": 2,
    "asia-northeast-1": 1,
  },
  gpu_1x_a100_sxm4: { "us-west-2": 4, "us-east-1": 4 },
  gpu_4x_a100: { "us-west-1": 2 },
  gpu_2x_a100: { "us-west-1": 2 },
  gpu_1x_a100: { "us-west-1": 4 },
  gpu_1x_a10: { "us-east-1": 8, "us-west-1": 8 },
  cpu_4x_general: { "us-east-1": 16 },
});

/** Image families: name, architectures, version. */
export const simImageFamilies: readonly {
  readonly family: string;
  readonly architecture: "x86_64" | "arm64";
  readonly version: string;
}[] = [
  { family: "lambda-stack-24-04", architecture: "x86_64", version: "24.4.2-1459" },
  { family: "lambda-stack-24-04", architecture: "arm64", version: "24.4.2-1459" },
  { family: "lambda-stack-22-04", architecture: "x86_64", version: "22.4.9-1459" },
  { family: "gpu-base-24-04", architecture: "x86_64", version: "24.4.2-1459" },
  { family: "ubuntu-24-04", architecture: "x86_64", version: "24.04.2" },
];
