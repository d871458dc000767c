/**
 * What the vendors say is running, account by account.
 *
 * @module
 */

import type { Instance } from "../../providers/contract.ts";
import { ProviderError } from "../../providers/errors.ts";
import { withPatience } from "../patience.ts";
import {
  type ClientDeps,
  type ClientOptions,
  cloudPatienceMs,
  createClient,
  describeSilence,
} from "./create_client.ts";
import { type KeyedAccount, toReadableEntry } from "./keyed_account.ts";

/** One account's answer. */
export type MachineReading =
  | {
    readonly kind: "listed";
    readonly account: KeyedAccount;
    /** Complete. */
    readonly instances: readonly Instance[];
  }
  | {
    readonly kind: "failed";
    readonly account: KeyedAccount;
    readonly message: string;
    /** Whether all that is missing is permission, at the cluster or at the cloud. */
    readonly notAllowed: boolean;
  };

/**
 * Lists the machines of every account, side by side. Never throws: an account that fails, or takes too
 * long, is a failed reading and delays no other.
 */
export function listMachines(
  deps: ClientDeps,
  accounts: readonly KeyedAccount[],
  options: ClientOptions = {},
): Promise<readonly MachineReading[]> {
  return Promise.all(accounts.map((account) => listOne(deps, account, options)));
}

async function listOne(
  deps: ClientDeps,
  account: KeyedAccount,
  options: ClientOptions,
): Promise<MachineReading> {
  const { entry, key } = account;
  if (key.kind !== "found") {
    const { kind, message } = key;
    return { kind: "failed", account, message, notAllowed: kind === "forbidden" };
  }
  try {
    const client = createClient(deps, toReadableEntry(entry), key.apiKey, options);
    const limit = { ms: cloudPatienceMs, message: describeSilence(entry) };
    const list = (signal: AbortSignal) => client.listInstances(signal);
    const instances = await withPatience(deps.clock, limit, list);
    return { kind: "listed", account, instances };
  } catch (error) {
    return {
      kind: "failed",
      account,
      message: error instanceof Error ? error.message : String(error),
      notAllowed: error instanceof ProviderError && error.kind === "unauthorized",
    };
  }
}
