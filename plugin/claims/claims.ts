/**
 * `kubectl tgp claims`: lists purchases.
 *
 * @module
 */

import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { roundAmount, sumAmounts } from "../output/amount.ts";
import { formatAgeOf } from "../output/age.ts";
import { findReady } from "../output/conditions.ts";
import { countOf } from "../output/count.ts";
import { parseFormat } from "../output/format.ts";
import { type ListFormat, listFormats } from "../output/list_formats.ts";
import { printRows } from "../output/print_rows.ts";
import { listNamed } from "../output/list_named.ts";
import type { Column } from "../output/table.ts";
import { toClaimItem } from "./claim_item.ts";
import { describeClaimStep, selectClaimStep } from "./claim_step.ts";
import { type ClaimView, claimViews } from "./claim_view.ts";
import type { ClaimsFlags } from "./flags.ts";

/** What to list. */
export interface ClaimsOptions {
  readonly format: ListFormat;
  readonly headers: boolean;
  readonly pool: string | undefined;
  /** All when empty. */
  readonly names: readonly string[];
}

/** Reads flags and operands. @throws {UsageError} */
export function parseOptions(flags: ClaimsFlags, names: readonly string[]): ClaimsOptions {
  return {
    format: parseFormat(flags.output, listFormats, "table"),
    headers: !flags.noHeaders,
    pool: flags.pool,
    names,
  };
}

/** Runs the command. */
export async function run(options: ClaimsOptions, context: CommandContext): Promise<ExitCode> {
  const { io, deps, globals } = context;
  const all = await withKube(deps, globals, (kube) => listNamed(kube, claimViews, options.names));
  const claims = all.filter(({ pool }) => options.pool === undefined || pool === options.pool)
    .sort(compareClaims);
  const now = deps.clock.now();
  await printRows(io, {
    kind: "ClaimList",
    rows: claims,
    columns: columns(now),
    toName: ({ metadata }) => `gpunodeclaim.tgp.io/${metadata.name}`,
    toItem: (claim) => toClaimItem(claim, now),
    empty: options.pool === undefined
      ? "No claims: nothing is rented, and nothing is being bought."
      : `No claims of pool "${options.pool}".`,
  }, { format: options.format, headers: options.headers, now });
  if (io.columns !== undefined && claims.length > 0 && options.format === "table") {
    io.message(
      `${countOf(claims.length, "claim")}, ${roundAmount(sumPrices(claims))} US dollars per hour`,
    );
  }
  return exitCodes.ok;
}

/** The command. */
export function claims(
  flags: ClaimsFlags,
  names: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags, names), context);
}

function columns(now: number): readonly Column<ClaimView>[] {
  return [
    { header: "NAME", cell: ({ metadata }) => metadata.name },
    // Names of claims hold the pool's.
    { header: "POOL", dropFirst: true, cell: ({ pool }) => pool ?? "<none>" },
    { header: "GPU", cell: ({ gpuModel }) => gpuModel ?? "<none>" },
    { header: "QTY", cell: ({ gpuCount }) => gpuCount === undefined ? "<none>" : `${gpuCount}` },
    { header: "PROVIDER", cell: ({ provider }) => provider ?? "<none>" },
    { header: "REGION", cell: ({ region }) => region ?? "<none>" },
    {
      header: "CAPACITY",
      dropFirst: true,
      cell: ({ capacityType }) => capacityType ?? "<none>",
    },
    {
      header: "$/H",
      essential: true,
      cell: ({ pricePerHour }) => pricePerHour === undefined ? "<none>" : roundAmount(pricePerHour),
    },
    { header: "STEP", essential: true, cell: describeClaimStep },
    { header: "AGE", cell: ({ metadata }) => formatAgeOf(metadata.creationTimestamp, now) },
    // A node is called like its claim.
    { header: "NODE", dropFirst: true, cell: ({ nodeName }) => nodeName ?? "<none>" },
    { header: "TYPE", wide: true, cell: ({ instanceType }) => instanceType ?? "<none>" },
    { header: "INSTANCE", wide: true, cell: ({ instanceId }) => instanceId ?? "<none>" },
    { header: "MESSAGE", wide: true, cell: explain },
  ];
}

function explain(claim: ClaimView): string {
  return claim.end?.message || findReady(claim.conditions)?.message || "<none>";
}

/** Newest last, as a log reads. */
function compareClaims(left: ClaimView, right: ClaimView): number {
  const [a, b] = [left, right].map(({ metadata }) =>
    `${metadata.creationTimestamp} ${metadata.name}`
  );
  return (a ?? "") < (b ?? "") ? -1 : 1;
}

/** What is being paid for: what is gone costs nothing any more. */
function sumPrices(claims: readonly ClaimView[]): string {
  return sumAmounts(
    claims.filter((claim) => selectClaimStep(claim) !== "gone")
      .map(({ pricePerHour }) => pricePerHour ?? "0"),
  );
}
