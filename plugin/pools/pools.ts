/**
 * `kubectl tgp pools`: lists pools.
 *
 * @module
 */

import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { roundAmount } from "../output/amount.ts";
import { formatAgeOf } from "../output/age.ts";
import { findReady } from "../output/conditions.ts";
import { parseFormat } from "../output/format.ts";
import { type ListFormat, listFormats } from "../output/list_formats.ts";
import { listNamed } from "../output/list_named.ts";
import { printRows } from "../output/print_rows.ts";
import type { Column } from "../output/table.ts";
import type { PoolsFlags } from "./flags.ts";
import { defaultWeight, toPoolItem } from "./pool_item.ts";
import { type PoolView, poolViews } from "./pool_view.ts";

/** What to list. */
export interface PoolsOptions {
  readonly format: ListFormat;
  readonly headers: boolean;
  /** All when empty. */
  readonly names: readonly string[];
}

/** Reads flags and operands. @throws {UsageError} */
export function parseOptions(flags: PoolsFlags, names: readonly string[]): PoolsOptions {
  return {
    format: parseFormat(flags.output, listFormats, "table"),
    headers: !flags.noHeaders,
    names,
  };
}

/** Runs the command. */
export async function run(options: PoolsOptions, context: CommandContext): Promise<ExitCode> {
  const { io, deps, globals } = context;
  const found = await withKube(deps, globals, (kube) => listNamed(kube, poolViews, options.names));
  const rows = [...found].sort((left, right) => left.metadata.name < right.metadata.name ? -1 : 1);
  const now = deps.clock.now();
  await printRows(io, {
    kind: "PoolList",
    rows,
    columns: columns(now),
    toName: ({ metadata }) => `gpunodepool.tgp.io/${metadata.name}`,
    toItem: toPoolItem,
    empty: "No pools: nothing will be bought. See manifests/examples/ for one.",
  }, { format: options.format, headers: options.headers, now });
  return exitCodes.ok;
}

/** The command. */
export function pools(
  flags: PoolsFlags,
  names: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags, names), context);
}

function columns(now: number): readonly Column<PoolView>[] {
  return [
    { header: "NAME", cell: ({ metadata }) => metadata.name },
    { header: "CLASS", cell: ({ nodeClass }) => nodeClass ?? "<none>" },
    { header: "NODES", cell: ({ nodes, limits }) => withLimit(String(nodes), limits.nodes) },
    { header: "GPUS", cell: describeGpus },
    { header: "PENDING", cell: ({ pendingPods }) => String(pendingPods) },
    {
      header: "$/H",
      essential: true,
      cell: ({ spendPerHour }) => roundAmount(spendPerHour ?? "0"),
    },
    { header: "CAP $/H", cell: ({ limits }) => amountOrNone(limits.spendPerHour) },
    { header: "READY", essential: true, cell: describeReady },
    { header: "AGE", cell: ({ metadata }) => formatAgeOf(metadata.creationTimestamp, now) },
    { header: "TODAY $", wide: true, cell: ({ spentToday }) => amountOrNone(spentToday) },
    { header: "CAP $/DAY", wide: true, cell: ({ limits }) => amountOrNone(limits.spendPerDay) },
    { header: "WEIGHT", wide: true, cell: ({ weight }) => String(weight ?? defaultWeight) },
    {
      header: "MESSAGE",
      wide: true,
      cell: ({ conditions }) => findReady(conditions)?.message || "<none>",
    },
  ];
}

/** `12/24`; `12/24+8` with cards of two vendors. */
function describeGpus({ gpus }: PoolView): string {
  return gpus.map(({ current, limit }) => withLimit(current, limit)).join("+") || "0";
}

function withLimit(current: string, limit: string | number | undefined): string {
  return limit === undefined ? current : `${current}/${limit}`;
}

function amountOrNone(amount: string | undefined): string {
  return amount === undefined ? "<none>" : roundAmount(amount);
}

/** `True`, or `False: Paused`. */
function describeReady({ conditions }: PoolView): string {
  const ready = findReady(conditions);
  if (!ready) return "<unknown>";
  return ready.status === "True" || !ready.reason
    ? ready.status
    : `${ready.status}: ${ready.reason}`;
}
