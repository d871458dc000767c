/**
 * Reads the offers that the controller published, so that users need RBAC and no vendor's key.
 *
 * @module
 */

import type { Kube } from "../../kube/kube.ts";
import { configMaps } from "../../kube/resource.ts";
import type { Catalog } from "../../providers/catalog/catalog.ts";
import { decodeCatalog, parseCatalogName, toCatalogName } from "../../providers/catalog/codec.ts";
import { mergeOffers } from "../../providers/catalog/merge_offers.ts";
import type { ConfigMap } from "../../schemas/kubernetes.ts";
import { labels } from "../../schemas/labels.ts";
import { PluginError } from "../plugin_error.ts";
import type { OfferReading, OfferSource } from "./offer_sources.ts";

/** A published catalog, and what it says of itself. */
export interface CatalogReading {
  readonly source: OfferSource;
  /** Absent if it could not be decoded. */
  readonly catalog: Catalog | undefined;
}

/**
 * Reads the offers of one class.
 *
 * @throws {PluginError} If nothing is published.
 * @throws {KubeError} If the API server refuses.
 */
export async function readPublishedOffers(
  kube: Kube,
  namespace: string,
  nodeClass: string,
): Promise<OfferReading> {
  const readings = await readCatalogs(kube, namespace, nodeClass);
  if (readings.length === 0) throw explainNothingPublished(namespace, nodeClass);
  return {
    sources: readings.map(({ source }) => source),
    offers: mergeOffers(readings.map(({ catalog }) => catalog?.offers ?? [])),
  };
}

/** What to tell people where nothing is published. */
export function explainNothingPublished(namespace: string, nodeClass?: string): PluginError {
  const of = nodeClass === undefined ? "" : ` of class "${nodeClass}"`;
  return new PluginError(`no published offers${of} in namespace ${namespace}`, {
    remedy: [
      "The controller is not installed there, or has not reached a cloud yet: kubectl get gnc",
      "Another namespace: --controller-namespace; without a controller: --local",
    ],
  });
}

/**
 * Reads every published catalog.
 *
 * @param nodeClass Only of this class; all when absent.
 * @throws {KubeError} If the API server refuses.
 */
export async function readCatalogs(
  kube: Kube,
  namespace: string,
  nodeClass?: string,
): Promise<readonly CatalogReading[]> {
  const readings = await readOnce(kube, namespace, nodeClass);
  // Parts of one catalog are rewritten one by one: who comes in between reads again.
  const complete = readings.every(({ catalog }) => catalog !== undefined);
  return complete ? readings : await readOnce(kube, namespace, nodeClass);
}

async function readOnce(
  kube: Kube,
  namespace: string,
  nodeClass: string | undefined,
): Promise<readonly CatalogReading[]> {
  const labelSelector = nodeClass === undefined
    ? labels.nodeClass
    : `${labels.nodeClass}=${nodeClass}`;
  const { items } = await kube.list(configMaps, { namespace, labelSelector });
  const groups = new Map<string, ConfigMap[]>();
  for (const item of items) {
    const of = parseCatalogName(item.metadata.name);
    if (!of) continue;
    const name = toCatalogName(of.nodeClass, of.account);
    groups.set(name, [...groups.get(name) ?? [], item]);
  }
  return [...groups.values()].map(readCatalog);
}

function readCatalog(parts: readonly ConfigMap[]): CatalogReading {
  try {
    const catalog = decodeCatalog(parts.map(({ metadata, data, binaryData }) => ({
      name: metadata.name,
      data: data ?? {},
      binaryData: binaryData ?? {},
    })));
    return { source: toSource(catalog), catalog };
  } catch (error) {
    const { nodeClass, account } = parseCatalogName(parts[0]?.metadata.name ?? "") ??
      { nodeClass: undefined, account: "" };
    const message = error instanceof Error ? error.message : String(error);
    return {
      source: {
        provider: account,
        account,
        nodeClass,
        state: "failed",
        readAt: undefined,
        error: message,
        unauthorized: false,
      },
      catalog: undefined,
    };
  }
}

function toSource({ provider, account, nodeClass, readAt, source }: Catalog): OfferSource {
  const failed = source.state === "failed" ? source : undefined;
  return {
    provider,
    account,
    nodeClass,
    state: source.state,
    readAt,
    error: failed?.message,
    unauthorized: failed?.kind === "unauthorized",
  };
}
