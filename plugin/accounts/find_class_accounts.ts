/**
 * The accounts that this cluster buys from, or has bought from, with the keys in Secrets.
 *
 * Read leniently: a class that cannot be read as a whole still has accounts, and machines in them.
 *
 * @module
 */

import { Fields } from "../../kube/fields.ts";
import type { Kube } from "../../kube/kube.ts";
import type { ResourceType } from "../../kube/resource.ts";
import { nodeClaims, nodeClasses } from "../../kube/tgp_resources.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { type ProviderEntry, providerEntrySchema } from "../../schemas/node_class.ts";
import { listNamed } from "../output/list_named.ts";
import { readIdentity } from "../output/read_identity.ts";
import { readKey } from "./key_finding.ts";
import type { KeyedAccount } from "./keyed_account.ts";

/** Where accounts come from. */
interface AccountSource extends KubernetesObject {
  readonly nodeClass: string;
  readonly entries: readonly ProviderEntry[];
}

/** Classes: what is bought from. */
const classSources: ResourceType<AccountSource> = {
  ...nodeClasses,
  parse(raw) {
    const object = new Fields(raw);
    const identity = readIdentity(object);
    const entries = object.fields("spec").list("providers").flatMap(toEntry);
    return { ...identity, nodeClass: identity.metadata.name, entries };
  },
};

/** Claims: the class may have dropped the entry that their machines were bought with. */
const claimSources: ResourceType<AccountSource> = {
  ...nodeClaims,
  parse(raw) {
    const object = new Fields(raw);
    return {
      ...readIdentity(object),
      nodeClass: object.fields("spec").fields("nodeClassRef").string("name") ?? "",
      entries: toEntry(object.fields("status").fields("launch").raw("entry")),
    };
  },
};

/**
 * Finds them.
 *
 * @param namespace The controller's own.
 * @throws {PluginError} If TGP is not installed.
 * @throws {KubeError} If the API server refuses to show classes or claims.
 */
export async function findClassAccounts(
  kube: Kube,
  namespace: string,
): Promise<readonly KeyedAccount[]> {
  const sources = [...await listNamed(kube, classSources), ...await listNamed(kube, claimSources)];
  const entries = new Map<string, { readonly nodeClass: string; readonly entry: ProviderEntry }>();
  for (const { nodeClass, entries: found } of sources) {
    for (const entry of found) {
      const label = `${nodeClass}/${entry.name}`;
      if (!entries.has(label)) entries.set(label, { nodeClass, entry });
    }
  }
  const labels = [...entries].sort(([left], [right]) => left < right ? -1 : 1);
  return await Promise.all(labels.map(async ([label, { nodeClass, entry }]) => ({
    label,
    nodeClass,
    entry,
    key: await readKey(kube, entry, namespace),
  })));
}

function toEntry(raw: unknown): readonly ProviderEntry[] {
  const parsed = providerEntrySchema.safeParse(raw);
  return parsed.success ? [parsed.data] : [];
}
