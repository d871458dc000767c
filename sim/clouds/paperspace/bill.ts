/**
 * What the simulated Paperspace charges.
 *
 * The vendor's sources disagree about machines that are off; the pricing page of 2025-11-14 is taken:
 * billing runs from create to destroy, whatever the state, per hour. Taken where nothing is written:
 *
 * - a started hour counts whole; its rate is that of the machine when the hour's period began;
 * - it ends when the deletion is accepted, and does not end while a deletion is stuck;
 * - disks and addresses bill by the started hour, too, up to a month's cap; a month is 730 hours from the
 *   beginning of what is billed;
 * - a static address bills from claim to release, a dynamic one while a machine has it.
 *
 * @module
 */

import {
  costUsd,
  type MicroUsd,
  multiplyUsd,
  sumUsd,
  usdFromCents,
} from "../../../schemas/money.ts";
import type { BillLine } from "../simulated_cloud.ts";
import { type CappedPrice, simDiskPrices, simIpPrice, simRegions } from "./catalog.ts";
import { leaseEnd, type Machine } from "./machine.ts";
import type { StaticIp } from "./static_ips.ts";

/** What an address costs. */
export interface IpBillLine {
  readonly ip: string;
  readonly kind: "static" | "dynamic";
  /** Long name. */
  readonly region: string;
  readonly start: number;
  /** When billing ended; absent while it goes on. */
  readonly end: number | undefined;
  readonly billedMs: number;
  readonly amount: MicroUsd;
}

const hourMs = 3_600_000;
const monthMs = 730 * hourMs;

/** What a machine and its disk cost so far. */
export function toBillLine(machine: Machine, now: number): BillLine {
  const end = machine.deletedAt !== undefined && machine.goneAt !== undefined
    ? machine.deletedAt
    : undefined;
  const until = end ?? now;
  const periods = machine.rates.map((rate, index) => {
    const next = machine.rates[index + 1]?.from ?? until;
    return { ...rate, durationMs: Math.min(next, until) - rate.from };
  });
  const last = periods.at(-1);
  const disk = diskPrice(last?.diskSizeGb ?? 0);
  return {
    id: machine.id,
    name: machine.settings.name,
    instanceType: machine.type.label,
    region: simRegions[machine.region],
    start: machine.createdAt,
    end,
    pricePerHour: toUsd((last?.usageRate ?? 0) + disk.perHour),
    billedMs: roundUp(until - machine.createdAt),
    amount: sumUsd(periods.flatMap(({ usageRate, diskSizeGb, durationMs }) => [
      costUsd(toUsd(usageRate), durationMs, hourMs),
      cappedCost(diskPrice(diskSizeGb), durationMs),
    ])),
  };
}

/** What a static address cost so far. */
export function toStaticIpBillLine(ip: StaticIp, now: number): IpBillLine {
  return toIpLine(ip.ip, "static", ip.region, ip.createdAt, ip.releasedAt, now);
}

/** What the dynamic addresses of a machine cost so far. */
export function toDynamicIpBillLines(machine: Machine, now: number): IpBillLine[] {
  return machine.leases.filter(({ from }) => from <= now).map((lease) => {
    const end = leaseEnd(machine, lease);
    const ended = end <= now ? end : undefined;
    return toIpLine(lease.ip, "dynamic", machine.region, lease.from, ended, now);
  });
}

function toIpLine(
  ip: string,
  kind: IpBillLine["kind"],
  region: keyof typeof simRegions,
  start: number,
  end: number | undefined,
  now: number,
): IpBillLine {
  const durationMs = (end ?? now) - start;
  return {
    ip,
    kind,
    region: simRegions[region],
    start,
    end,
    billedMs: roundUp(durationMs),
    amount: cappedCost(simIpPrice, durationMs),
  };
}

/** The cost at a price that is capped for each month. */
function cappedCost({ perHour, perMonth }: CappedPrice, durationMs: number): MicroUsd {
  const months = Math.floor(durationMs / monthMs);
  const rest = costUsd(toUsd(perHour), durationMs - months * monthMs, hourMs);
  const cap = toUsd(perMonth);
  return sumUsd([multiplyUsd(cap, months), rest < cap ? rest : cap]);
}

function diskPrice(sizeGb: number): CappedPrice {
  return simDiskPrices.get(sizeGb) ?? { perHour: 0, perMonth: 0 };
}

/** The vendor's fractional dollars. */
function toUsd(dollars: number): MicroUsd {
  return usdFromCents(dollars * 100);
}

function roundUp(durationMs: number): number {
  return Math.ceil(durationMs / hourMs) * hourMs;
}
