/**
 * `kubectl tgp providers check`: proves API keys.
 *
 * @module
 */

import { defaultNamespace } from "../../schemas/labels.ts";
import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { countOf } from "../output/count.ts";
import { parseFormat, printStructured } from "../output/format.ts";
import { toOutputList } from "../output/list.ts";
import { printTable } from "../output/print_rows.ts";
import type { Column } from "../output/table.ts";
import type { CheckedAccount, CheckResult } from "./account_check.ts";
import { type Candidate, checkAccount } from "./check_account.ts";
import { hasPassed, toCheckItem } from "./check_item.ts";
import { findClassCandidates, findLocalCandidates } from "./find_candidates.ts";
import type { CheckProvidersFlags } from "./flags.ts";

/** What to check. */
export interface CheckProvidersOptions {
  readonly format: "table" | "json" | "yaml";
  readonly headers: boolean;
  readonly local: boolean;
  /** Classes and accounts, or clouds with `local`; all when empty. */
  readonly names: readonly string[];
}

/** Reads flags and operands. @throws {UsageError} */
export function parseOptions(
  flags: CheckProvidersFlags,
  names: readonly string[],
): CheckProvidersOptions {
  return {
    format: parseFormat(flags.output, ["table", "json", "yaml"] as const, "table"),
    headers: !flags.noHeaders,
    local: flags.local ?? false,
    names,
  };
}

/** Runs the command. */
export async function run(
  options: CheckProvidersOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { io, deps } = context;
  const { format, headers } = options;
  const candidates = await findCandidates(options, context);
  // Side by side: one that hangs delays no other.
  const accounts = await Promise.all(candidates.map((one) => checkAccount(deps, one)));
  if (format !== "table") {
    const items = accounts.map(toCheckItem);
    const list = toOutputList("ProviderCheckList", items, deps.clock.now());
    await printStructured(io, format, list);
  } else if (accounts.length === 0) {
    io.message("No accounts: there is no GPUNodeClass. Without a cluster: --local.");
  } else {
    const rows = accounts.flatMap((account) => account.checks.map((check) => ({ account, check })));
    printTable(io, columns, rows, { wide: false, headers, hasWide: false });
  }
  const failed = accounts.filter((account) => !hasPassed(account));
  if (failed.length === 0) return exitCodes.ok;
  io.message(`${failed.length} of ${countOf(accounts.length, "account")} failed a check`);
  return failed.every(({ forbidden }) => forbidden) ? exitCodes.notAllowed : exitCodes.no;
}

/** The command. */
export function checkProviders(
  flags: CheckProvidersFlags,
  names: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags, names), context);
}

async function findCandidates(
  { local, names }: CheckProvidersOptions,
  { deps, globals }: CommandContext,
): Promise<readonly Candidate[]> {
  if (local) return findLocalCandidates(deps, names);
  const namespace = globals.controllerNamespace ?? defaultNamespace;
  return await withKube(deps, globals, (kube) => findClassCandidates(kube, namespace, names));
}

/** One line of the table. */
interface Line {
  readonly account: CheckedAccount;
  readonly check: CheckResult;
}

/** What failed is to be seen at a glance, also without colour. */
const words: Readonly<Record<CheckResult["state"], string>> = {
  ok: "ok",
  warn: "warn",
  fail: "FAIL",
  unknown: "unknown",
};

const columns: readonly Column<Line>[] = [
  {
    header: "ACCOUNT",
    cell: ({ account: { nodeClass, name } }) =>
      nodeClass === undefined ? name : `${nodeClass}/${name}`,
  },
  { header: "CHECK", essential: true, cell: ({ check }) => check.check },
  { header: "RESULT", essential: true, cell: ({ check }) => words[check.state] },
  { header: "DETAIL", wraps: true, cell: ({ check }) => check.message },
];
