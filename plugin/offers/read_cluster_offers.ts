/**
 * Reads what the controller published, and from the classes which accounts are missing there and why.
 *
 * @module
 */

import { type Kube, KubeError } from "../../kube/kube.ts";
import { mergeOffers } from "../../providers/catalog/merge_offers.ts";
import { reasons } from "../../schemas/conditions.ts";
import { type AccountView, classViews } from "../providers/class_view.ts";
import type { OfferReading, OfferSource } from "./offer_sources.ts";
import { explainNothingPublished, readCatalogs } from "./read_published_offers.ts";

/** Reasons in an account's status that say that its cloud gives no offers now. */
const silent: ReadonlySet<string> = new Set([
  reasons.accountChanged,
  reasons.credentialsMalformed,
  reasons.credentialsRejected,
  reasons.providerBlockMissing,
  reasons.providerUnreachable,
  reasons.secretKeyNotFound,
  reasons.secretNamespaceNotAllowed,
  reasons.secretNotFound,
  reasons.unsupportedProvider,
]);

/**
 * Reads the offers of every account; one of which nothing is published is a failed source.
 *
 * @param nodeClass Only of this class; all when absent.
 * @throws {PluginError} If nothing is published and no class says why.
 * @throws {KubeError} If the API server refuses to show what is published.
 */
export async function readClusterOffers(
  kube: Kube,
  namespace: string,
  nodeClass?: string,
): Promise<OfferReading> {
  const [catalogs, known] = await Promise.all([
    readCatalogs(kube, namespace, nodeClass),
    readAccounts(kube),
  ]);
  const accounts = known.filter((account) =>
    nodeClass === undefined || account.nodeClass === nodeClass
  );
  const find = ({ nodeClass, account }: Pick<OfferSource, "nodeClass" | "account">) =>
    accounts.find((known) => known.nodeClass === nodeClass && known.name === account);
  const published = catalogs.map(({ source }) => withStatus(source, find(source)));
  const missing = accounts.filter(({ nodeClass, name, enabled }) =>
    enabled &&
    !published.some((source) => source.nodeClass === nodeClass && source.account === name)
  ).map(toFailedSource);
  const sources = [...published, ...missing];
  if (sources.length === 0) throw explainNothingPublished(namespace, nodeClass);
  return { sources, offers: mergeOffers(catalogs.map(({ catalog }) => catalog?.offers ?? [])) };
}

/** Offers may be seen by people who may not see classes: then nobody says who is missing. */
async function readAccounts(kube: Kube): Promise<readonly AccountView[]> {
  try {
    const { items } = await kube.list(classViews);
    return items.flatMap(({ accounts }) => accounts);
  } catch (error) {
    if (error instanceof KubeError && (error.code === 403 || error.code === 404)) return [];
    throw error;
  }
}

/** The controller publishes offers when it has some: of an outage its status tells sooner. */
function withStatus(source: OfferSource, account: AccountView | undefined): OfferSource {
  const status = account?.status;
  if (source.state === "failed" || !status || status.available) return source;
  if (silent.has(status.reason)) {
    const unauthorized = status.reason === reasons.credentialsRejected;
    return { ...source, state: "failed", error: status.message, unauthorized };
  }
  // Nobody asks any more, so what is published grows old.
  return status.reason === reasons.providerDisabled ? { ...source, error: status.message } : source;
}

function toFailedSource({ provider, name, nodeClass, status }: AccountView): OfferSource {
  return {
    provider,
    account: name,
    nodeClass,
    state: "failed",
    readAt: undefined,
    error: status && !status.available ? status.message : "nothing is published yet",
    unauthorized: status?.reason === reasons.credentialsRejected,
  };
}
