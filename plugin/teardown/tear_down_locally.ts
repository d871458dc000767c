/**
 * Ends a cluster's machines from the vendors' API keys alone, for the day the cluster is gone.
 *
 * **Guarantees**: only machines that bear the chosen cluster's six characters are ended, and the choice is
 * the user's as soon as there are several; what cannot be listed counts as not ended.
 *
 * @module
 */

import type { Instance, Provider } from "../../providers/contract.ts";
import { createClient } from "../accounts/create_client.ts";
import {
  findEnvironmentAccounts,
  type KeyedAccount,
  mergeSameKeys,
  nameCloud,
} from "../accounts/keyed_account.ts";
import { listMachines, type MachineReading } from "../accounts/list_machines.ts";
import type { CommandContext } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { describeCost, machineColumns, type MachineRow } from "../instances/machine_row.ts";
import { formatAge } from "../output/age.ts";
import { countOf } from "../output/count.ts";
import { printTable } from "../output/print_rows.ts";
import type { Column } from "../output/table.ts";
import { UsageError } from "../plugin_error.ts";
import { askAgreement } from "./agreement.ts";
import { type ClusterGroup, groupByCluster, type GroupedMachines } from "./cluster_groups.ts";
import { concludeEndings } from "./conclude.ts";
import { createReportLog } from "./report_log.ts";
import { type EndingResult, MachineEnding } from "./machine_ending.ts";
import type { TeardownOptions } from "./options.ts";
import { untilDeadline } from "./until_deadline.ts";

type LocalOptions = Omit<TeardownOptions, "scope"> & { readonly clusterId: string | undefined };

/** Runs the command with `--local`. */
export async function tearDownLocally(
  options: LocalOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { io, deps } = context;
  const accounts = mergeSameKeys(findEnvironmentAccounts(deps));
  const readings = await listMachines(deps, accounts);
  for (const reading of readings) {
    if (reading.kind === "failed") {
      io.message(`${reading.account.label}: cannot be listed: ${reading.message}`);
    }
  }
  const grouped = groupByCluster(readings);
  const clusterId = chooseCluster(options, grouped, context);
  if (clusterId === undefined) return concludeNothing(readings, grouped, context);
  const rows = grouped.clusters.find((group) => group.clusterId === clusterId)?.rows ?? [];
  showMachines(clusterId, rows, grouped, context);
  if (options.dryRun !== "none") {
    io.message("Nothing was changed (client dry run).");
    return exitCodes.ok;
  }
  const unseen = readings.filter(({ kind }) => kind === "failed")
    .map(({ account }) => account.label);
  const question = `End ${
    describeCost(rows.map(({ instance }) => instance))
  }, of cluster ${clusterId}${
    unseen.length > 0 ? `, and what is found of it in ${unseen.join(", ")}` : ""
  }?`;
  if (rows.length + unseen.length > 0 && !askAgreement(io, question, options.yes)) {
    return exitCodes.no;
  }
  return await deps.untilInterrupted((signal) =>
    untilDeadline(deps.clock, options.timeoutMs, signal, async (limited) => {
      const results = await endAll(accounts, clusterId, context, limited);
      return conclude(clusterId, results, context, limited);
    })
  );
}

/** Never a guess: the only cluster there is, or the user's word. */
function chooseCluster(
  { clusterId, yes, dryRun }: LocalOptions,
  { clusters }: GroupedMachines,
  { io, deps }: CommandContext,
): string | undefined {
  if (clusterId !== undefined) return clusterId;
  if (clusters.length <= 1) return clusters[0]?.clusterId;
  printTable(io, clusterColumns(deps.clock.now()), clusters, {
    wide: false,
    headers: true,
    hasWide: false,
  });
  const known = clusters.map((group) => group.clusterId);
  const answer = yes || dryRun !== "none" ? undefined : io.ask(
    "These accounts hold machines of several clusters. Whose shall end? ",
  );
  if (answer !== undefined && known.includes(answer)) return answer;
  throw new UsageError(
    answer === undefined
      ? "these accounts hold machines of several clusters: say whose shall end"
      : `there is no machine of a cluster "${answer}"; nothing was changed`,
    [`Add --cluster ID, one of ${known.join(", ")}`],
  );
}

function concludeNothing(
  readings: readonly MachineReading[],
  { foreign }: GroupedMachines,
  { io }: CommandContext,
): ExitCode {
  const failed = readings.filter((reading) => reading.kind === "failed");
  const listed = readings.filter(({ kind }) => kind === "listed");
  if (listed.length > 0) {
    const names = listed.map(({ account }) => account.label).join(", ");
    const others = foreign > 0 ? ` (${countOf(foreign, "machine")} of others)` : "";
    io.out(`No machine of any cluster's TGP in ${names}${others}.\n`);
  }
  if (failed.length === 0) return exitCodes.ok;
  return failed.every(({ notAllowed }) => notAllowed) ? exitCodes.notAllowed : exitCodes.failure;
}

function showMachines(
  clusterId: string,
  rows: readonly MachineRow[],
  { clusters, foreign }: GroupedMachines,
  { io, deps }: CommandContext,
): void {
  printTable(io, machineColumns(deps.clock.now()), rows, {
    wide: false,
    headers: true,
    hasWide: false,
  });
  const others = clusters.filter((group) => group.clusterId !== clusterId).map((group) =>
    `${countOf(group.rows.length, "machine")} of cluster ${group.clusterId}`
  );
  if (foreign > 0) others.push(`${countOf(foreign, "machine")} that TGP has not rented`);
  if (others.length > 0) io.message(`Left alone: ${others.join(", ")}.`);
}

async function endAll(
  accounts: readonly KeyedAccount[],
  clusterId: string,
  { io, deps }: CommandContext,
  signal: AbortSignal,
): Promise<readonly EndingResult[]> {
  const startedAt = deps.clock.now();
  const report = (line: string) => io.message(line);
  // Side by side: a cloud that hangs delays no other.
  return await Promise.all(accounts.map(async ({ label, entry, key }) => {
    const nothing = { label, ended: [], left: [] };
    if (key.kind !== "found") return { ...nothing, problem: key.message, notAllowed: true };
    const log = createReportLog((line) => report(`${label}: ${line}`));
    let client: Provider;
    try {
      client = createClient(deps, entry, key.apiKey, { clusterId, log });
    } catch (error) {
      // An address that cannot be used: the other accounts' machines end all the same.
      return { ...nothing, problem: toMessage(error), notAllowed: false };
    }
    const ending = new MachineEnding({ clock: deps.clock, report }, {
      label,
      client,
      selectTargets: (instances) => Promise.resolve(instances.filter(isOurs)),
      isKept: () => false,
      settledAt: startedAt + client.info().settle,
    });
    return await ending.run(signal);
  }));
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isOurs({ ownership }: Instance): boolean {
  return ownership.kind === "ours";
}

function conclude(
  clusterId: string,
  results: readonly EndingResult[],
  { io }: CommandContext,
  signal: AbortSignal,
): ExitCode {
  const code = concludeEndings(io, results, signal.reason);
  const ended = countOf(results.flatMap((result) => result.ended).length, "machine");
  if (code === exitCodes.ok) {
    const names = results.map(({ label }) => label).join(", ");
    io.out(`${ended} ended. Nothing of cluster ${clusterId} is left in ${names}.\n`);
    return code;
  }
  const cut = signal.aborted ? `${signal.reason.message}: ` : "";
  io.message(
    `${cut}${ended} ended; what was told to end goes on ending. Run the same command again, with --cluster ${clusterId}.`,
  );
  return code;
}

function clusterColumns(now: number): readonly Column<ClusterGroup>[] {
  return [
    { header: "CLUSTER", cell: ({ clusterId }) => clusterId },
    { header: "COST", cell: ({ rows }) => describeCost(rows.map(({ instance }) => instance)) },
    {
      header: "CLOUDS",
      cell: ({ rows }) => [...new Set(rows.map(({ account }) => nameCloud(account.entry)))].join(),
    },
    { header: "OLDEST", cell: ({ rows }) => describeOldest(rows, now) },
  ];
}

function describeOldest(rows: readonly MachineRow[], now: number): string {
  const times = rows.flatMap(({ instance }) => instance.launchedAt ?? []);
  return times.length === 0 ? "<unknown>" : formatAge(now - Math.min(...times));
}
