/**
 * What the simulated Paperspace sells: machine types, disks, regions, and a plausible stock.
 *
 * Prices and regions are those of the vendor's pages of 2025-11-14, read 2026-11-24; shapes that no page
 * states (larger machines) are multiples of the smallest.
 *
 * @module
 */

/** Series within which a machine may be resized. */
export type SimFamily = "C" | "M" | "P" | "RTX" | "A" | "V100" | "A100" | "H100";

/** One machine type. */
export interface SimMachineType {
  /** The vendor's exact word: `A4000`, `GPU+`, `H100x8`. */
  readonly label: string;
  readonly family: SimFamily;
  /** What the machine says of its accelerators; the vendor's own words are not known. */
  readonly gpuName: string | undefined;
  readonly gpuCount: number;
  readonly gpuMemoryGiB: number;
  readonly cpus: number;
  readonly memoryGiB: number;
  /** US dollars per hour, as `usageRate` says it. */
  readonly usageRate: number;
  /** Codes of the regions where it stands. */
  readonly regions: readonly SimRegion[];
  readonly nvlink: boolean;
}

/** A region's code. */
export type SimRegion = "ny2" | "ca1" | "ams1";

/** Long names by code: codes go in, long names come out. */
export const simRegions: Readonly<Record<SimRegion, string>> = Object.freeze({
  ny2: "East Coast (NY2)",
  ca1: "West Coast (CA1)",
  ams1: "Europe (AMS1)",
});

/** The code of a region given as code or long name, in any case of letters; `undefined` for others. */
export function toSimRegion(text: string): SimRegion | undefined {
  const wanted = text.toLowerCase();
  const codes: readonly SimRegion[] = ["ny2", "ca1", "ams1"];
  return codes.find((code) => wanted === code || wanted === simRegions[code].toLowerCase());
}

const ny2: readonly SimRegion[] = ["ny2"];
const coasts: readonly SimRegion[] = ["ny2", "ca1"];
const atlantic: readonly SimRegion[] = ["ny2", "ams1"];
const everywhere: readonly SimRegion[] = ["ny2", "ca1", "ams1"];

type GpuRow = readonly [
  label: string,
  family: SimFamily,
  gpuName: string,
  gpuMemoryGiB: number,
  cpus: number,
  memoryGiB: number,
  usageRate: number,
  regions: readonly SimRegion[],
  counts: readonly number[],
];

/** By single machine; the counts are those that are sold. */
const gpuRows: readonly GpuRow[] = [
  ["GPU+", "M", "Quadro M4000", 8, 8, 30, 0.45, atlantic, [1]],
  ["P4000", "P", "Quadro P4000", 8, 8, 30, 0.51, everywhere, [1, 2, 4]],
  ["P5000", "P", "Quadro P5000", 16, 8, 30, 0.78, everywhere, [1, 2, 4]],
  ["P6000", "P", "Quadro P6000", 24, 8, 30, 1.10, everywhere, [1, 2, 4]],
  ["RTX4000", "RTX", "Quadro RTX 4000", 8, 8, 30, 0.56, everywhere, [1, 2, 4]],
  ["RTX5000", "RTX", "Quadro RTX 5000", 16, 8, 30, 0.82, ny2, [1, 2, 4]],
  ["A4000", "A", "Ampere A4000", 16, 8, 45, 0.76, everywhere, [1, 2, 4]],
  ["A5000", "A", "Ampere A5000", 24, 8, 45, 1.38, coasts, [1, 2, 4]],
  ["A6000", "A", "Ampere A6000", 48, 8, 45, 1.89, coasts, [1, 2, 4]],
  ["V100", "V100", "Volta V100", 16, 8, 30, 2.30, atlantic, [1]],
  ["V100-32G", "V100", "Volta V100", 32, 8, 30, 2.30, ny2, [1, 2, 4]],
  ["A100", "A100", "Ampere A100", 40, 12, 90, 3.09, ny2, [1, 8]],
  ["A100-80G", "A100", "Ampere A100", 80, 12, 90, 3.18, ny2, [1, 8]],
  ["H100", "H100", "Hopper H100", 80, 20, 250, 5.95, ny2, [1, 8]],
];

/** The only large machine whose shape the vendor states and which is no multiple of the small one. */
const statedShapes: Readonly<
  Record<string, { readonly cpus: number; readonly memoryGiB: number }>
> = { H100x8: { cpus: 128, memoryGiB: 2048 } };

type CpuRow = readonly [label: string, cpus: number, memoryGiB: number, usageRate: number];

const cpuRows: readonly CpuRow[] = [
  ["C1", 1, 0.5, 0.0045],
  ["C2", 1, 1, 0.009],
  ["C3", 2, 2, 0.018],
  ["C4", 2, 4, 0.04],
  ["C5", 4, 8, 0.08],
  ["C6", 8, 16, 0.16],
  ["C7", 12, 30, 0.30],
  ["C8", 16, 60, 0.60],
  ["C9", 24, 120, 0.90],
  ["C10", 32, 244, 1.60],
];

/** Every machine type, by label. */
export const simMachineTypes: ReadonlyMap<string, SimMachineType> = new Map(
  [...gpuRows.flatMap(toGpuTypes), ...cpuRows.map(toCpuType)].map((type) => [type.label, type]),
);

function toGpuTypes(row: GpuRow): SimMachineType[] {
  const [label, family, gpuName, gpuMemoryGiB, cpus, memoryGiB, usageRate, regions, counts] = row;
  return counts.map((gpuCount): SimMachineType => {
    const full = gpuCount === 1 ? label : `${label}x${gpuCount}`;
    return {
      label: full,
      family,
      gpuName,
      gpuCount,
      gpuMemoryGiB,
      cpus: cpus * gpuCount,
      memoryGiB: memoryGiB * gpuCount,
      usageRate: Math.round(usageRate * gpuCount * 10_000) / 10_000,
      regions,
      nvlink: gpuCount > 1 && ["V100", "A100", "H100"].includes(family),
      ...statedShapes[full],
    };
  });
}

function toCpuType([label, cpus, memoryGiB, usageRate]: CpuRow): SimMachineType {
  return {
    label,
    family: "C",
    gpuName: undefined,
    gpuCount: 0,
    gpuMemoryGiB: 0,
    cpus,
    memoryGiB,
    usageRate,
    regions: everywhere,
    nvlink: false,
  };
}

/** Prices of what is sold beside machines, in US dollars; from a month's cap on, it is free that month. */
export interface CappedPrice {
  readonly perHour: number;
  readonly perMonth: number;
}

/** Disks that are sold, by size in GB. */
export const simDiskPrices: ReadonlyMap<number, CappedPrice> = new Map([
  [50, { perHour: 0.0074, perMonth: 5 }],
  [100, { perHour: 0.0104, perMonth: 7 }],
  [250, { perHour: 0.0149, perMonth: 10 }],
  [500, { perHour: 0.0372, perMonth: 25 }],
  [1000, { perHour: 0.0818, perMonth: 55 }],
  [2000, { perHour: 0.1786, perMonth: 120 }],
]);

/** A public address. */
export const simIpPrice: CappedPrice = Object.freeze({ perHour: 0.0045, perMonth: 3 });

/** Free machines by type and region code; what is absent is sold out. */
export type SimStock = Readonly<Record<string, Readonly<Partial<Record<SimRegion, number>>>>>;

/** A plausible day: workstation cards can be had, large machines hardly. */
export const defaultStock: SimStock = Object.freeze({
  P4000: { ny2: 4, ams1: 2, ca1: 2 },
  P5000: { ny2: 4, ams1: 2 },
  RTX4000: { ny2: 4, ca1: 2 },
  A4000: { ny2: 8, ams1: 4, ca1: 4 },
  A4000x2: { ny2: 2 },
  A5000: { ny2: 4 },
  A6000: { ny2: 2, ca1: 1 },
  A6000x4: { ny2: 1 },
  "V100-32G": { ny2: 2 },
  "A100-80G": { ny2: 2 },
  "A100-80Gx8": { ny2: 1 },
  H100: { ny2: 2 },
  C4: { ny2: 16, ams1: 16, ca1: 16 },
  C5: { ny2: 16, ams1: 16, ca1: 16 },
  C7: { ny2: 16, ams1: 16, ca1: 16 },
});
