/**
 * Keeps catalogs in ConfigMaps: one per account, in further parts where one is not enough.
 *
 * @module
 */

import { isNotFound, type Kube } from "../kube/kube.ts";
import { configMaps } from "../kube/resource.ts";
import type { Catalog } from "../providers/catalog/catalog.ts";
import {
  CatalogDecodeError,
  type CatalogShard,
  decodeCatalog,
  encodeCatalog,
  parseCatalogName,
  toCatalogName,
} from "../providers/catalog/codec.ts";
import type { Offer } from "../providers/contract.ts";
import type { ConfigMap } from "../schemas/kubernetes.ts";
import { labels } from "../schemas/labels.ts";
import { removeConfigMap, writeConfigMap } from "./write_config_map.ts";

/** See the module. */
export interface CatalogStore {
  /** The offers of an account as last published; none if there are none that can be read. */
  load(className: string, account: string): Promise<readonly Offer[]>;
  /** Writes a catalog, and removes the parts that it no longer needs. */
  save(catalog: Catalog, signal: AbortSignal): Promise<void>;
  /** Removes a catalog, if there is one. */
  remove(className: string, account: string, signal: AbortSignal): Promise<void>;
}

/** Creates the store in a namespace. */
export function createCatalogStore(kube: Kube, namespace: string): CatalogStore {
  /** Parts in the cluster, by catalog; what an earlier process has left is not known. */
  const parts = new Map<string, number>();

  async function read(name: string): Promise<ConfigMap | undefined> {
    try {
      return await kube.get(configMaps, { name, namespace });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Names of all parts in the cluster, whoever has written them; the first part last. */
  async function listParts(className: string, account: string, signal: AbortSignal) {
    const labelSelector = `${labels.nodeClass}=${className}`;
    const { items } = await kube.list(configMaps, { namespace, labelSelector, signal });
    return items.map(({ metadata }) => metadata.name)
      .filter((name) => {
        const of = parseCatalogName(name);
        return of?.nodeClass === className && of.account === account;
      })
      .sort((left, right) => right.length - left.length || (left < right ? 1 : -1));
  }

  return {
    async load(className, account) {
      const shards: CatalogShard[] = [];
      for (let part = 1;; part++) {
        const object = await read(toCatalogName(className, account, part));
        if (!object) return [];
        const { metadata: { name }, data = {}, binaryData = {} } = object;
        shards.push({ name, data, binaryData });
        if (!(part < Number(shards[0]?.data["parts"]))) break;
      }
      try {
        return decodeCatalog(shards).offers;
      } catch (error) {
        // Written by another version, or by somebody else: the next reading writes it anew.
        if (!(error instanceof CatalogDecodeError)) throw error;
        return [];
      }
    },
    async save(catalog, signal) {
      const { nodeClass, account } = catalog;
      const head = toCatalogName(nodeClass, account);
      const shards = encodeCatalog(catalog);
      const known = parts.get(head) ?? Infinity;
      parts.set(head, Math.max(known, shards.length));
      for (const { name, data, binaryData } of shards) {
        const metadata = { name, namespace, labels: { [labels.nodeClass]: nodeClass } };
        await writeConfigMap(kube, metadata, { data, binaryData }, signal);
      }
      for (let part = shards.length + 1; part <= known; part++) {
        const ref = { name: toCatalogName(nodeClass, account, part), namespace };
        if (!await removeConfigMap(kube, ref, signal)) break;
      }
      parts.set(head, shards.length);
    },
    async remove(className, account, signal) {
      const names = await listParts(className, account, signal);
      for (const name of names) await removeConfigMap(kube, { name, namespace }, signal);
      parts.delete(toCatalogName(className, account));
    },
  };
}
