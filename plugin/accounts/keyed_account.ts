/**
 * Accounts and their API keys, wherever both come from.
 *
 * @module
 */

import { fingerprintOf } from "../../providers/api_key.ts";
import { findRegistration, parseProviderName } from "../../providers/registry.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import type { PluginDeps } from "../deps.ts";
import { judgeKey, type KeyFinding } from "./key_finding.ts";
import { findLocalAccounts } from "./local_accounts.ts";

/** An account, and its key or why there is none. */
export interface KeyedAccount {
  /** `class/entry`, or the cloud's name where the key comes from the environment. */
  readonly label: string;
  /** `undefined` where the key comes from the environment. */
  readonly nodeClass: string | undefined;
  readonly entry: ProviderEntry;
  readonly key: KeyFinding;
}

/**
 * The accounts with keys in the environment.
 *
 * @throws {UsageError} If there is none; names the variables.
 */
export function findEnvironmentAccounts(deps: Pick<PluginDeps, "env">): readonly KeyedAccount[] {
  return findLocalAccounts(deps).map(({ name, entry, apiKey, apiKeyVariable }) => ({
    label: name,
    nodeClass: undefined,
    entry,
    key: judgeKey(apiKey, apiKeyVariable),
  }));
}

/**
 * Several entries may mean one account: asked twice it would show every machine twice. The first entry
 * stands for all of them.
 */
export function mergeSameKeys(accounts: readonly KeyedAccount[]): readonly KeyedAccount[] {
  const merged = new Map<string, KeyedAccount>();
  for (const account of accounts) {
    const { key, label, entry } = account;
    const identity = key.kind === "found"
      ? `${nameCloud(entry)} ${fingerprintOf(key.apiKey)}`
      : label;
    if (!merged.has(identity)) merged.set(identity, account);
  }
  return [...merged.values()];
}

/** The cloud of an entry, also of one that is not supported. */
export function nameCloud(entry: Pick<ProviderEntry, "name" | "provider">): string {
  const text = entry.provider ?? entry.name;
  try {
    return parseProviderName(text);
  } catch {
    return text;
  }
}

/**
 * The entry with what its cloud needs before it can be asked anything, as long as nothing is launched.
 *
 * @throws {RangeError} `unsupported provider: <x>`.
 */
export function toReadableEntry(entry: ProviderEntry): ProviderEntry {
  const { blockToRead } = findRegistration(parseProviderName(entry.provider ?? entry.name));
  return { ...blockToRead, ...entry };
}
