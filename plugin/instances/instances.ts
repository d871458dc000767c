/**
 * `kubectl tgp instances`: what the clouds say is running, and whose it is.
 *
 * @module
 */

import { readClusterId } from "../../kube/cluster_id.ts";
import type { Kube } from "../../kube/kube.ts";
import type { ResourceType } from "../../kube/resource.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { defaultNamespace } from "../../schemas/labels.ts";
import { findClassAccounts } from "../accounts/find_class_accounts.ts";
import {
  findEnvironmentAccounts,
  type KeyedAccount,
  mergeSameKeys,
  nameCloud,
} from "../accounts/keyed_account.ts";
import { listMachines, type MachineReading } from "../accounts/list_machines.ts";
import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { parseFormat } from "../output/format.ts";
import { type ListFormat, listFormats } from "../output/list_formats.ts";
import { listNamed } from "../output/list_named.ts";
import { printRows } from "../output/print_rows.ts";
import { readRawIdentity } from "../output/read_identity.ts";
import { PluginError } from "../plugin_error.ts";
import { selectAccounts } from "../providers/select_accounts.ts";
import type { InstancesFlags } from "./flags.ts";
import { decideOwner } from "./machine_owner.ts";
import {
  compareMachines,
  describeCost,
  machineColumns,
  type MachineRow,
  toMachineItem,
} from "./machine_row.ts";

/** What to list. */
export interface InstancesOptions {
  readonly format: ListFormat;
  readonly headers: boolean;
  readonly local: boolean;
  readonly orphans: boolean;
  readonly strict: boolean;
  /** Classes and accounts, or clouds with `local`; all when empty. */
  readonly names: readonly string[];
}

/** Reads flags and operands. @throws {UsageError} */
export function parseOptions(flags: InstancesFlags, names: readonly string[]): InstancesOptions {
  return {
    format: parseFormat(flags.output, listFormats, "table"),
    headers: !flags.noHeaders,
    local: flags.local ?? false,
    orphans: flags.orphans ?? false,
    strict: flags.strict ?? false,
    names,
  };
}

/** Runs the command. */
export async function run(options: InstancesOptions, context: CommandContext): Promise<ExitCode> {
  const { io, deps } = context;
  const { readings, claimNames } = await read(options, context);
  const failed = readings.filter((reading) => reading.kind === "failed");
  if (readings.length > 0 && failed.length === readings.length) throw toError(failed);
  const rows = toRows(readings, claimNames);
  const orphans = rows.filter(({ owner }) => owner.kind === "orphan");
  const shown = options.orphans ? orphans : rows;
  const now = deps.clock.now();
  await printRows(io, {
    kind: "InstanceList",
    rows: shown,
    columns: machineColumns(now),
    toName: ({ account, instance }) => `${account.label}/${instance.id}`,
    toItem: (row) => toMachineItem(row, now),
    metadata: { sources: readings.map(toSource) },
    empty: options.orphans
      ? failed.length === 0
        ? "No orphans: a claim answers for every machine of this cluster."
        : "No orphans in the accounts that could be listed."
      : readings.length === 0
      ? "No accounts: there is no GPUNodeClass. Without a cluster: --local."
      : "No machines in these accounts.",
  }, { format: options.format, headers: options.headers, now });
  if (options.format === "table" && shown.length > 0 && io.columns !== undefined) {
    io.message(describeCost(shown.map(({ instance }) => instance)));
  }
  for (const { account, message } of failed) {
    io.message(`${account.label}: cannot be listed: ${message}`);
  }
  if (options.orphans && orphans.length > 0) return exitCodes.no;
  return options.strict && failed.length > 0 ? exitCodes.partial : exitCodes.ok;
}

/** The command. */
export function instances(
  flags: InstancesFlags,
  names: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags, names), context);
}

interface Reading {
  readonly readings: readonly MachineReading[];
  readonly claimNames: ReadonlySet<string>;
}

async function read(
  { local, names }: InstancesOptions,
  { deps, globals }: CommandContext,
): Promise<Reading> {
  if (local) {
    const accounts = select(findEnvironmentAccounts(deps), names);
    return { readings: await listMachines(deps, accounts), claimNames: new Set() };
  }
  const namespace = globals.controllerNamespace ?? defaultNamespace;
  return await withKube(deps, globals, async (kube) => {
    const accounts = mergeSameKeys(select(await findClassAccounts(kube, namespace), names));
    const clusterId = await readClusterId(kube);
    const readings = await listMachines(deps, accounts, { clusterId });
    // Afterwards: a claim that was written in between answers for its machine.
    return { readings, claimNames: await readClaimNames(kube) };
  });
}

function select(
  accounts: readonly KeyedAccount[],
  names: readonly string[],
): readonly KeyedAccount[] {
  const named = accounts.map((account) => ({
    account,
    nodeClass: account.nodeClass ?? account.label,
    name: account.entry.name,
  }));
  return selectAccounts(named, names).map(({ account }) => account);
}

/** Unparsed: a claim that cannot be read answers for its machine all the same. */
const claimIdentities: ResourceType<KubernetesObject> = { ...nodeClaims, parse: readRawIdentity };

async function readClaimNames(kube: Kube): Promise<ReadonlySet<string>> {
  const claims = await listNamed(kube, claimIdentities);
  return new Set(claims.map(({ metadata }) => metadata.name));
}

function toRows(
  readings: readonly MachineReading[],
  claimNames: ReadonlySet<string>,
): readonly MachineRow[] {
  return readings.flatMap((reading) =>
    reading.kind === "failed" ? [] : reading.instances.map((instance) => ({
      account: reading.account,
      instance,
      owner: decideOwner(instance, claimNames),
    }))
  ).sort(compareMachines);
}

function toSource(reading: MachineReading) {
  const { nodeClass, entry } = reading.account;
  return {
    class: nodeClass ?? null,
    account: entry.name,
    provider: nameCloud(entry),
    state: reading.kind === "listed" ? "ok" : "failed",
    error: reading.kind === "listed" ? null : reading.message,
  };
}

function toError(
  failed: readonly Extract<MachineReading, { readonly kind: "failed" }>[],
): PluginError {
  const notAllowed = failed.every((reading) => reading.notAllowed);
  return new PluginError("no account could be listed", {
    exitCode: notAllowed ? exitCodes.notAllowed : exitCodes.failure,
    remedy: failed.map(({ account, message }) => `${account.label}: ${message}`),
  });
}
