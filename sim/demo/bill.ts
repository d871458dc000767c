/**
 * Our books against the cloud's own metering.
 *
 * @module
 */

import type { LedgerLine } from "../../controller/ledger.ts";
import { displayUsd, type MicroUsd, multiplyUsd, sumUsd } from "../../schemas/money.ts";
import type { BillLine, SimulatedCloud } from "../clouds/simulated_cloud.ts";

/** One machine in both books. */
export interface BillRow {
  readonly claim: string;
  /** The cloud that bills; absent if none does. */
  readonly provider: string | undefined;
  readonly instanceType: string;
  readonly ours: MicroUsd;
  readonly theirs: MicroUsd;
  /** The most by which ours may exceed theirs: one late look plus one billing increment. */
  readonly tolerance: MicroUsd;
  readonly problem: string | undefined;
}

/**
 * Compares the books machine by machine; a machine that only one side knows is a problem.
 *
 * @param lateMs How late we may see that a machine runs or is gone, in milliseconds: an interval between
 * polls, at least.
 */
export function compareBills(
  ours: readonly LedgerLine[],
  clouds: readonly Pick<SimulatedCloud, "provider" | "bill">[],
  lateMs: number,
): readonly BillRow[] {
  const theirs = clouds.flatMap(({ provider, bill }) =>
    bill().map((line) => ({ provider, bill: line }))
  );
  const unknown = ours.filter(({ instanceID }) =>
    !theirs.some(({ bill }) => bill.id === instanceID)
  );
  return [
    ...theirs.map(({ provider, bill }) => ({
      provider,
      ...toRow(ours.find(({ instanceID }) => instanceID === bill.id), bill, lateMs),
    })),
    ...unknown.map((line): BillRow => ({
      claim: line.claim,
      provider: undefined,
      instanceType: line.instanceType,
      ours: line.cost,
      theirs: sumUsd([]),
      tolerance: sumUsd([]),
      problem: "the cloud knows no such machine",
    })),
  ];
}

function toRow(
  line: LedgerLine | undefined,
  bill: BillLine,
  lateMs: number,
): Omit<BillRow, "provider"> {
  const incrementMs = line?.billingIncrement ?? 60_000;
  const tolerance = multiplyUsd(bill.pricePerHour, (lateMs + incrementMs) / 3_600_000);
  const ours = line?.cost ?? sumUsd([]);
  return {
    claim: line?.claim ?? bill.name ?? bill.id,
    instanceType: bill.instanceType,
    ours,
    theirs: bill.amount,
    tolerance,
    problem: judge(line, ours, bill, tolerance),
  };
}

function judge(
  line: LedgerLine | undefined,
  ours: MicroUsd,
  bill: BillLine,
  tolerance: MicroUsd,
): string | undefined {
  if (!line) return "our ledger has no line for it";
  if (bill.end === undefined) return "the cloud still bills for it";
  if (ours === 0 || bill.amount === 0) return "one side says zero";
  if (ours < bill.amount) return "we booked less than the cloud bills";
  if (ours - bill.amount > tolerance) return "we booked more than late looks explain";
  return undefined;
}

/** The rows as a table, with totals. */
export function formatBill(rows: readonly BillRow[]): readonly string[] {
  const head = ["CLAIM", "CLOUD", "MACHINE", "OURS", "THEIRS", "DIFFERENCE"];
  const body = rows.map(({ claim, provider, instanceType, ours, theirs, problem }) => [
    claim,
    provider ?? "",
    instanceType,
    displayUsd(ours),
    displayUsd(theirs),
    problem ?? displayUsd((ours - theirs) as MicroUsd),
  ]);
  const total = [
    "Total",
    "",
    "",
    displayUsd(sumUsd(rows.map(({ ours }) => ours))),
    displayUsd(sumUsd(rows.map(({ theirs }) => theirs))),
    "",
  ];
  const table = [head, ...body, total];
  const widths = head.map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? "").length))
  );
  return table.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ").trimEnd()
  );
}
