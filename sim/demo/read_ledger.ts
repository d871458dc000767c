/**
 * Every line of every day's ledger.
 *
 * @module
 */

import { type LedgerLine, ledgerLineSchema } from "../../controller/ledger.ts";
import type { Kube } from "../../kube/kube.ts";
import { configMaps } from "../../kube/resource.ts";
import { defaultNamespace } from "../../schemas/labels.ts";

/** Reads the ledger as a user with access to its ConfigMaps could. */
export async function readLedger(kube: Kube): Promise<readonly LedgerLine[]> {
  const { items } = await kube.list(configMaps, { namespace: defaultNamespace });
  return items
    .filter(({ metadata }) => metadata.name.startsWith("tgp-ledger-"))
    .flatMap(({ data }) => Object.values(data ?? {}))
    .map((line) => ledgerLineSchema.parse(JSON.parse(line)));
}
