/**
 * The accounts whose API keys are in the environment, for use without a cluster.
 *
 * @module
 */

import { findRegistration, type ProviderName, providerNames } from "../../providers/registry.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import type { PluginDeps } from "../deps.ts";
import { UsageError } from "../plugin_error.ts";

/** See the module. */
export interface LocalAccount {
  readonly name: ProviderName;
  readonly entry: ProviderEntry;
  readonly apiKey: string;
  /** Where the key is. */
  readonly apiKeyVariable: string;
  /** Whether launches depend on a block of a class, which is not known here. */
  readonly lacksBlock: boolean;
}

/**
 * The clouds that have a key; with names, those alone.
 *
 * @throws {UsageError} If none has, naming the variables; or for a name that has none.
 */
export function findLocalAccounts(
  deps: Pick<PluginDeps, "env">,
  names: readonly string[] = [],
): readonly LocalAccount[] {
  const accounts = findAll(deps);
  const unknown = names.find((word) => !accounts.some(({ name }) => name === word));
  if (unknown !== undefined) {
    const known = accounts.map(({ name }) => name).join(", ");
    throw new UsageError(`there is no API key for "${unknown}" in the environment: only ${known}`);
  }
  return names.length === 0 ? accounts : accounts.filter(({ name }) => names.includes(name));
}

function findAll({ env }: Pick<PluginDeps, "env">): readonly LocalAccount[] {
  const registrations = providerNames.map(findRegistration);
  const accounts = registrations.flatMap((registration) => {
    const { name, apiKeyVariable, blockRequired, blockToRead } = registration;
    const apiKey = env(apiKeyVariable);
    if (!apiKey) return [];
    const entry: ProviderEntry = {
      name,
      credentialsRef: { name: "environment", key: apiKeyVariable },
      ...blockToRead,
    };
    return [{ name, entry, apiKey, apiKeyVariable, lacksBlock: blockRequired }];
  });
  if (accounts.length > 0) return accounts;
  const variables = registrations.map(({ apiKeyVariable }) => apiKeyVariable).join(", ");
  throw new UsageError(`--local needs an API key in the environment: set ${variables}`);
}
