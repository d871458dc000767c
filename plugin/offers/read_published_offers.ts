/**
 * Reads the offers that the controller published, so that users need RBAC and no vendor's key.
 *
 * @module
 */

import type { Kube } from "../../kube/kube.ts";
import { configMaps } from "../../kube/resource.ts";
import type { Catalog } from "../../providers/catalog/catalog.ts";
import { decodeCatalog } from "../../providers/catalog/codec.ts";
import { mergeOffers } from "../../providers/catalog/merge_offers.ts";
import type { ConfigMap } from "../../schemas/kubernetes.ts";
import { labels } from "../../schemas/labels.ts";
import { PluginError } from "../plugin_error.ts";
import type { OfferReading, OfferSource } from "./offer_sources.ts";

/** What ConfigMaps of published offers are called; the rest is class and account. */
const prefix = "tgp-offers-";

/**
 * Reads every published catalog.
 *
 * @param nodeClass Only of this class; all when absent.
 * @throws {PluginError} If there is none.
 * @throws {KubeError} If the API server refuses.
 */
export async function readPublishedOffers(
  kube: Kube,
  namespace: string,
  nodeClass?: string,
): Promise<OfferReading> {
  let readings = await readCatalogs(kube, namespace, nodeClass);
  // Parts of one catalog are rewritten one by one: who comes in between reads again.
  if (readings.some(({ catalog }) => catalog === undefined)) {
    readings = await readCatalogs(kube, namespace, nodeClass);
  }
  if (readings.length === 0) {
    const of = nodeClass === undefined ? "" : ` of class "${nodeClass}"`;
    throw new PluginError(`no published offers${of} in namespace ${namespace}`, {
      remedy: [
        "The controller is not installed there, or has not reached a cloud yet: kubectl get gnc",
        "Another namespace: --controller-namespace; without a controller: --local",
      ],
    });
  }
  return {
    sources: readings.map(({ source }) => source),
    offers: mergeOffers(readings.map(({ catalog }) => catalog?.offers ?? [])),
  };
}

interface CatalogReading {
  readonly source: OfferSource;
  /** Absent if it could not be decoded. */
  readonly catalog: Catalog | undefined;
}

async function readCatalogs(
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
    if (!item.metadata.name.startsWith(prefix)) continue;
    // Further parts add a dot and a number, which no class or account has in its name.
    const [name = ""] = item.metadata.name.split(".");
    groups.set(name, [...groups.get(name) ?? [], item]);
  }
  return [...groups].map(([name, parts]) => readCatalog(name, parts));
}

function readCatalog(name: string, parts: readonly ConfigMap[]): CatalogReading {
  try {
    const catalog = decodeCatalog(parts.map(({ metadata, data, binaryData }) => ({
      name: metadata.name,
      data: data ?? {},
      binaryData: binaryData ?? {},
    })));
    return { source: toSource(catalog), catalog };
  } catch (error) {
    const account = name.slice(prefix.length);
    const message = error instanceof Error ? error.message : String(error);
    return {
      source: {
        provider: account,
        account,
        nodeClass: parts[0]?.metadata.labels?.[labels.nodeClass],
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
