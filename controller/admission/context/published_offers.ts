/**
 * What the leader has published of every account's offers, as a local copy: any replica can judge by it.
 *
 * Small while nobody asks: parts are kept compressed as they come, and taken apart for the classes that
 * are asked about, once per reading.
 *
 * @module
 */

import { createInformer, type InformerDeps } from "../../../kube/informer.ts";
import { configMaps, type ResourceType } from "../../../kube/resource.ts";
import {
  CatalogDecodeError,
  catalogKey,
  type CatalogShard,
  decodeCatalog,
  parseCatalogName,
} from "../../../providers/catalog/codec.ts";
import { mergeOffers } from "../../../providers/catalog/merge_offers.ts";
import type { Offer } from "../../../providers/contract.ts";
import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { labels } from "../../../schemas/labels.ts";

/** See the module. */
export interface PublishedOffers {
  /** Keeps the copy current until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  hasSynced(): boolean;
  /** What all accounts of a class offer: the same list for as long as nothing changes. */
  ofClass(nodeClass: string): readonly Offer[];
}

/** Creates the copy; it does nothing until it runs. */
export function createPublishedOffers(deps: InformerDeps, namespace: string): PublishedOffers {
  const informer = createInformer(deps, catalogParts, {
    namespace,
    labelSelector: labels.nodeClass,
  });
  const merged = new Map<string, readonly Offer[]>();
  const lastRead = new Map<string, readonly Offer[]>();
  informer.onChange(({ object, old }) => {
    const catalog = (object ?? old)?.catalog;
    if (catalog === undefined) return;
    merged.delete(catalog.nodeClass);
    const key = toAccountKey(catalog);
    const isGone = object === undefined &&
      !informer.list().some((part) => part.catalog && toAccountKey(part.catalog) === key);
    if (isGone) lastRead.delete(key);
  });

  function read(nodeClass: string): readonly Offer[] {
    const accounts = new Map<string, CatalogShard[]>();
    for (const { catalog } of informer.list()) {
      if (catalog?.nodeClass !== nodeClass) continue;
      accounts.set(catalog.account, [...accounts.get(catalog.account) ?? [], catalog.shard]);
    }
    return mergeOffers([...accounts].map(([account, shards]) => {
      const key = toAccountKey({ nodeClass, account });
      const offers = tryDecode(shards) ?? lastRead.get(key) ?? [];
      lastRead.set(key, offers);
      return offers;
    }));
  }

  return {
    run: (signal) => informer.run(signal),
    hasSynced: () => informer.hasSynced(),
    ofClass(nodeClass) {
      const offers = merged.get(nodeClass) ?? read(nodeClass);
      merged.set(nodeClass, offers);
      return offers;
    },
  };
}

/** Names of classes and accounts hold no dots. */
function toAccountKey(
  { nodeClass, account }: { readonly nodeClass: string; readonly account: string },
): string {
  return `${nodeClass}.${account}`;
}

/** Parts are rewritten one by one: until all are there, the reading before counts. */
function tryDecode(shards: readonly CatalogShard[]): readonly Offer[] | undefined {
  try {
    return decodeCatalog(shards).offers;
  } catch (error) {
    if (!(error instanceof CatalogDecodeError)) throw error;
    return undefined;
  }
}

/** A ConfigMap cut down to what it holds of a catalog, if it does. */
interface CatalogPart extends KubernetesObject {
  readonly catalog?: {
    readonly nodeClass: string;
    readonly account: string;
    readonly shard: CatalogShard;
  };
}

const catalogParts: ResourceType<CatalogPart> = {
  ...configMaps,
  parse(raw) {
    const { apiVersion, kind, metadata, data = {}, binaryData = {} } = configMaps.parse(raw);
    const { name, namespace, uid, resourceVersion } = metadata;
    const part = { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } };
    const of = parseCatalogName(name);
    if (of === undefined) return part;
    const content = binaryData[catalogKey];
    const shard = {
      name,
      data,
      binaryData: content === undefined ? {} : { [catalogKey]: content },
    };
    return { ...part, catalog: { nodeClass: of.nodeClass, account: of.account, shard } };
  },
};
