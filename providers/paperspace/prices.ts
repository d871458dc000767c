/**
 * What Paperspace charges: the vendor has no price API, so this is a dated table.
 *
 * From the vendor's pricing page as edited on 2025-11-14, read 2026-11-24. A later copy of the page
 * (2026-09-20) agrees but for the large cards: it prints H100 at 3.09 and A100-80G at 1.15, the latter
 * marked as needing a commitment of years, while broker catalogues of that time still list 5.95 and
 * 3.18. The dearer ones stand here: a budget that counts too much buys less, one that counts too little
 * is exceeded. What the team really pays is in each machine's own rates.
 *
 * Everything but machines is free from a monthly cap on; that is left out, on the dear side again.
 *
 * @module
 */

import { minutes } from "../../schemas/duration.ts";
import { type MicroUsd, multiplyUsd, parseUsd, sumUsd, zeroUsd } from "../../schemas/money.ts";
import type { MachineType } from "./machine_types.ts";

/** Started hours are billed whole: the vendor prorates to the hour. */
export const paperspaceBillingIncrement = minutes(60);

/** US dollars per hour by label of the machine with one GPU; larger ones cost as many times as much. */
const hourly: Readonly<Record<string, string>> = {
  "GPU+": "0.45",
  P4000: "0.51",
  P5000: "0.78",
  P6000: "1.10",
  RTX4000: "0.56",
  RTX5000: "0.82",
  A4000: "0.76",
  A5000: "1.38",
  A6000: "1.89",
  V100: "2.30",
  "V100-32G": "2.30",
  A100: "3.09",
  "A100-80G": "3.18",
  H100: "5.95",
  C1: "0.0045",
  C3: "0.018",
  C4: "0.04",
  C5: "0.08",
  C6: "0.16",
  C7: "0.30",
  C8: "0.60",
  C9: "0.90",
  C10: "1.60",
};

/** A size of disk that is sold, in GB. */
export type DiskGb = 50 | 100 | 250 | 500 | 1000 | 2000;

/** US dollars per hour of a disk, by size. Larger ones are sold on request only. */
const disks: Readonly<Record<DiskGb, string>> = {
  50: "0.0074",
  100: "0.0104",
  250: "0.0149",
  500: "0.0372",
  1000: "0.0818",
  2000: "0.1786",
};

/** Sizes of disks that are sold, smallest first. */
export const diskSizesGb: readonly DiskGb[] = Object.freeze([50, 100, 250, 500, 1000, 2000]);

/** The smallest size that is sold and holds so much; `undefined` if none does. */
export function findDiskSize(wantedGb: number): DiskGb | undefined {
  return diskSizesGb.find((size) => size >= wantedGb);
}

/** What a static address costs in an hour. */
export const staticAddressPerHour: MicroUsd = parseUsd("0.0045");

/** What comes with a machine. */
export interface MachineExtras {
  readonly diskGb: DiskGb;
  readonly staticAddress: boolean;
}

/** The all-in price of a machine for one hour; `undefined` for a type that the table does not have. */
export function computePerHour(
  { base, gpuCount }: Pick<MachineType, "base" | "gpuCount">,
  { diskGb, staticAddress }: MachineExtras,
): MicroUsd | undefined {
  const price = hourly[base];
  if (price === undefined) return undefined;
  return sumUsd([
    multiplyUsd(parseUsd(price), Math.max(1, gpuCount)),
    parseUsd(disks[diskGb]),
    staticAddress ? staticAddressPerHour : zeroUsd,
  ]);
}
