/**
 * Paperspace's machine types: the API lists their labels only, so shapes and places are a table.
 *
 * From the vendor's pages of machine types and of availability (2025-11-14 and 2026-09-20, read
 * 2026-11-24). A larger machine is its card's label, `x` and the count, and as many times its processors
 * and memory, but for H100x8, which the vendor states. The counts are those the vendor says it sells;
 * whether it really does is for its templates to say.
 *
 * @module
 */

import type { RegionCode } from "./regions.ts";

/** One machine type. */
export interface MachineType {
  /** The vendor's exact word: `A4000x2`. */
  readonly label: string;
  /** Label of the type with one of its GPUs: `A4000`; the label itself without GPUs. */
  readonly base: string;
  /** 0 without GPUs. */
  readonly gpuCount: number;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly regions: readonly RegionCode[];
}

const ny2: readonly RegionCode[] = ["ny2"];
const coasts: readonly RegionCode[] = ["ny2", "ca1"];
const atlantic: readonly RegionCode[] = ["ny2", "ams1"];
const everywhere: readonly RegionCode[] = ["ny2", "ca1", "ams1"];

type GpuRow = readonly [
  label: string,
  vcpus: number,
  memoryGiB: number,
  regions: readonly RegionCode[],
  counts: readonly number[],
];

const gpuRows: readonly GpuRow[] = [
  // Two and four are sold, too, but how their labels are written was never seen.
  ["GPU+", 8, 30, atlantic, [1]],
  ["P4000", 8, 30, everywhere, [1, 2, 4]],
  ["P5000", 8, 30, everywhere, [1, 2, 4]],
  ["P6000", 8, 30, everywhere, [1, 2, 4]],
  ["RTX4000", 8, 30, everywhere, [1, 2, 4]],
  ["RTX5000", 8, 30, ny2, [1, 2, 4]],
  ["A4000", 8, 45, everywhere, [1, 2, 4]],
  ["A5000", 8, 45, coasts, [1, 2, 4]],
  ["A6000", 8, 45, coasts, [1, 2, 4]],
  ["V100", 8, 30, atlantic, [1]],
  // The vendor's table prints the machine with four as "x8"; its price is that of four.
  ["V100-32G", 8, 30, ny2, [1, 2, 4]],
  ["A100", 12, 90, ny2, [1, 8]],
  // Two and four were discontinued on 2024-03-20.
  ["A100-80G", 12, 90, ny2, [1, 8]],
  ["H100", 20, 250, ny2, [1, 8]],
];

const statedShapes: Readonly<Record<string, Pick<MachineType, "vcpus" | "memoryGiB">>> = {
  H100x8: { vcpus: 128, memoryGiB: 2048 },
};

const cpuRows: readonly (readonly [label: string, vcpus: number, memoryGiB: number])[] = [
  ["C1", 1, 0.5],
  // C2 is still in use, but in no list of shapes or prices.
  ["C3", 2, 2],
  ["C4", 2, 4],
  ["C5", 4, 8],
  ["C6", 8, 16],
  ["C7", 12, 30],
  ["C8", 16, 60],
  ["C9", 24, 120],
  ["C10", 32, 244],
];

/** Every machine type, by label. */
export const machineTypes: ReadonlyMap<string, MachineType> = new Map(
  [...gpuRows.flatMap(toGpuTypes), ...cpuRows.map(toCpuType)].map((type) => [type.label, type]),
);

function toGpuTypes([base, vcpus, memoryGiB, regions, counts]: GpuRow): MachineType[] {
  return counts.map((gpuCount) => {
    const label = gpuCount === 1 ? base : `${base}x${gpuCount}`;
    const shape = { vcpus: vcpus * gpuCount, memoryGiB: memoryGiB * gpuCount };
    return { label, base, gpuCount, ...shape, ...statedShapes[label], regions };
  });
}

function toCpuType([label, vcpus, memoryGiB]: (typeof cpuRows)[number]): MachineType {
  return { label, base: label, gpuCount: 0, vcpus, memoryGiB, regions: everywhere };
}
