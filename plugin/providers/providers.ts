/**
 * `kubectl tgp providers`: lists accounts.
 *
 * @module
 */

import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { formatAgeOf } from "../output/age.ts";
import { roundAmount } from "../output/amount.ts";
import { parseFormat } from "../output/format.ts";
import { type ListFormat, listFormats } from "../output/list_formats.ts";
import { listNamed } from "../output/list_named.ts";
import { printRows } from "../output/print_rows.ts";
import type { Column } from "../output/table.ts";
import { toAccountItem } from "./account_item.ts";
import { type AccountView, classViews } from "./class_view.ts";
import type { ProvidersFlags } from "./flags.ts";
import { compareAccounts, selectAccounts } from "./select_accounts.ts";

/** What to list. */
export interface ProvidersOptions {
  readonly format: ListFormat;
  readonly headers: boolean;
  /** Classes and accounts; all when empty. */
  readonly names: readonly string[];
}

/** Reads flags and operands. @throws {UsageError} */
export function parseOptions(flags: ProvidersFlags, names: readonly string[]): ProvidersOptions {
  return {
    format: parseFormat(flags.output, listFormats, "table"),
    headers: !flags.noHeaders,
    names,
  };
}

/** Runs the command. */
export async function run(options: ProvidersOptions, context: CommandContext): Promise<ExitCode> {
  const { io, deps, globals } = context;
  const classes = await withKube(deps, globals, (kube) => listNamed(kube, classViews));
  const accounts = classes.flatMap(({ accounts }) => accounts);
  const rows = [...selectAccounts(accounts, options.names)].sort(compareAccounts);
  const now = deps.clock.now();
  await printRows(io, {
    kind: "ProviderList",
    rows,
    columns: columns(now),
    toName: ({ nodeClass, name }) => `provider/${nodeClass}/${name}`,
    toItem: toAccountItem,
    empty: "No accounts: there is no GPUNodeClass. See manifests/examples/ for one.",
  }, { format: options.format, headers: options.headers, now });
  // Wide has the messages in a column of its own.
  if (options.format === "table") { for (const line of rows.flatMap(explain)) io.message(line); }
  return exitCodes.ok;
}

/** The command. */
export function providers(
  flags: ProvidersFlags,
  names: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags, names), context);
}

function columns(now: number): readonly Column<AccountView>[] {
  return [
    { header: "CLASS", cell: ({ nodeClass }) => nodeClass },
    { header: "ACCOUNT", essential: true, cell: ({ name }) => name },
    { header: "PROVIDER", cell: ({ provider }) => provider },
    { header: "AVAILABLE", essential: true, cell: describeAvailable },
    { header: "OFFERS", cell: describeOffers },
    { header: "FROM $/H", essential: true, cell: describeCheapest },
    { header: "AGE", cell: ({ createdAt }) => formatAgeOf(createdAt, now) },
    { header: "KEY", wide: true, cell: ({ status }) => status?.credentialFingerprint ?? "<none>" },
    { header: "IDENTITY", wide: true, cell: ({ status }) => status?.identity ?? "<none>" },
    { header: "PRIORITY", wide: true, cell: ({ priority }) => String(priority) },
    { header: "BREAKERS", wide: true, cell: (account) => describeBreakers(account) || "<none>" },
    { header: "CHECKED", wide: true, cell: ({ checkedAt }) => formatAgeOf(checkedAt, now) },
    { header: "MESSAGE", wide: true, cell: ({ status }) => status?.message || "<none>" },
  ];
}

/** `True`, or `False: CredentialsRejected`. */
function describeAvailable({ status }: AccountView): string {
  if (!status) return "<unknown>";
  return status.available ? "True" : `False: ${status.reason}`;
}

/** `12/34`: can be bought now, and all. */
function describeOffers({ status }: AccountView): string {
  return status?.offers === undefined
    ? "<none>"
    : `${status.availableOffers ?? 0}/${status.offers}`;
}

function describeCheapest({ status }: AccountView): string {
  return status?.cheapestPerHour === undefined ? "<none>" : roundAmount(status.cheapestPerHour);
}

/** `launch:Open,list:HalfOpen`. */
function describeBreakers({ status }: AccountView): string {
  return (status?.breakers ?? []).map(({ operation, state }) => `${operation}:${state}`).join(",");
}

/** What a narrow table has no room for: why an account cannot buy, and which calls are held back. */
function explain(account: AccountView): readonly string[] {
  const { nodeClass, name, status } = account;
  const who = `${nodeClass}/${name}`;
  if (!status) return [`${who}: the controller has not looked at it yet`];
  const breakers = describeBreakers(account);
  return [
    ...(status.available ? [] : [`${who}: ${status.message}`]),
    ...(breakers === "" ? [] : [`${who}: calls held back: ${breakers}`]),
  ];
}
