/**
 * The accounts to be checked, with their keys.
 *
 * @module
 */

import type { Kube } from "../../kube/kube.ts";
import { nodeClasses } from "../../kube/tgp_resources.ts";
import { findLocalAccounts } from "../accounts/local_accounts.ts";
import type { PluginDeps } from "../deps.ts";
import { listNamed } from "../output/list_named.ts";
import type { Candidate } from "./check_account.ts";
import { judgeKey, readKey } from "../accounts/key_finding.ts";
import { compareAccounts, selectAccounts } from "./select_accounts.ts";

/**
 * The accounts of GPUNodeClasses, with the keys in the Secrets that they refer to.
 *
 * @param namespace The controller's own.
 * @throws {PluginError} For a name that is neither class nor account.
 * @throws {KubeError} If the API server refuses to show classes.
 */
export async function findClassCandidates(
  kube: Kube,
  namespace: string,
  names: readonly string[],
): Promise<readonly Candidate[]> {
  const accounts = (await listNamed(kube, nodeClasses)).flatMap(({ metadata, spec, status }) =>
    spec.providers.map((entry) => ({
      nodeClass: metadata.name,
      name: entry.name,
      entry,
      status: status?.providers?.find(({ name }) => name === entry.name),
    }))
  );
  const selected = [...selectAccounts(accounts, names)].sort(compareAccounts);
  return await Promise.all(selected.map(async ({ nodeClass, entry, status }) => ({
    nodeClass,
    entry,
    provider: status?.provider ?? entry.provider ?? entry.name,
    key: await readKey(kube, entry, namespace),
    usedFingerprint: status?.credentialFingerprint,
    knownIdentity: status?.account,
    lacksBlock: false,
  })));
}

/**
 * The accounts with keys in the environment.
 *
 * @throws {UsageError} If there is no key, or for a name that has none.
 */
export function findLocalCandidates(
  deps: Pick<PluginDeps, "env">,
  names: readonly string[],
): readonly Candidate[] {
  return findLocalAccounts(deps, names)
    .map(({ name, entry, apiKey, apiKeyVariable, lacksBlock }) => ({
      nodeClass: undefined,
      entry,
      provider: name,
      key: judgeKey(apiKey, apiKeyVariable),
      usedFingerprint: undefined,
      knownIdentity: undefined,
      lacksBlock,
    }));
}
