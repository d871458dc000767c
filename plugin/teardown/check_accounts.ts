/**
 * Asks the vendors whether anything of this cluster is left, once its claims are gone.
 *
 * What is found and no claim answers for is ended here, too: the controller would do it, but not if it is
 * suspiciously much, and a person has just asked for it.
 *
 * @module
 */

import type { Instance } from "../../providers/contract.ts";
import { createClient } from "../accounts/create_client.ts";
import { type KeyedAccount, mergeSameKeys, toReadableEntry } from "../accounts/keyed_account.ts";
import type { PluginDeps } from "../deps.ts";
import { createReportLog } from "./report_log.ts";
import { type EndingResult, MachineEnding } from "./machine_ending.ts";

/** Collaborators and what is known. */
export interface CheckAccountsDeps {
  readonly deps: PluginDeps;
  readonly report: (line: string) => void;
  readonly clusterId: string;
  /** The names of all claims that exist, read when it is called. */
  readonly readClaimNames: () => Promise<ReadonlySet<string>>;
  /** Only machines of claims with these names; all of this cluster's when absent. */
  readonly endedNames: ReadonlySet<string> | undefined;
}

/** What the vendors say. */
export interface AccountsCheck {
  readonly results: readonly EndingResult[];
  /** Accounts that could not be looked at, and why, one line each. */
  readonly unseen: readonly string[];
}

/** Looks at every account that there is a key for, until nothing is left or `signal` aborts. */
export async function checkAccounts(
  context: CheckAccountsDeps,
  accounts: readonly KeyedAccount[],
  signal: AbortSignal,
): Promise<AccountsCheck> {
  const unseen: string[] = [];
  const endings: MachineEnding[] = [];
  for (const account of mergeSameKeys(accounts)) {
    const ending = createEnding(context, account);
    if (typeof ending === "string") unseen.push(`${account.label}: ${ending}`);
    else endings.push(ending);
  }
  const results = await Promise.all(endings.map((ending) => ending.run(signal)));
  return { results, unseen };
}

/** @returns Why there is none, if there is none. */
function createEnding(
  context: CheckAccountsDeps,
  { label, entry, key }: KeyedAccount,
): MachineEnding | string {
  const { deps, report, clusterId, endedNames } = context;
  if (key.kind !== "found") return key.message;
  try {
    const log = createReportLog((line) => report(`${label}: ${line}`));
    const client = createClient(deps, toReadableEntry(entry), key.apiKey, { clusterId, log });
    return new MachineEnding({ clock: deps.clock, report }, {
      label,
      client,
      selectTargets: (instances) => selectTargets(context, instances),
      // With one pool, the others' claims live on: the controller removes what outlives its machine.
      isKept: endedNames === undefined ? () => false : undefined,
      // The controller has let go of its claims: whatever they had ordered has settled.
      settledAt: -Infinity,
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Claims are read after the list: one that was made by hand meanwhile answers for its machine. */
async function selectTargets(
  { readClaimNames, endedNames }: CheckAccountsDeps,
  instances: readonly Instance[],
): Promise<readonly Instance[]> {
  const ours = instances.filter(({ ownership }) =>
    ownership.kind === "ours" && (endedNames === undefined || endedNames.has(ownership.claimName))
  );
  if (ours.length === 0) return [];
  const claimNames = await readClaimNames();
  return ours.filter(({ ownership }) =>
    ownership.kind === "ours" && !claimNames.has(ownership.claimName)
  );
}
