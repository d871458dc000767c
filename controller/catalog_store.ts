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
  toCatalogName,
} from "../providers/catalog/codec.ts";
import type { Offer } from "../providers/contract.ts";
import type { ConfigMap } from "../schemas/kubernetes.ts";
import { labels } from "../schemas/labels.ts";
import { writeConfigMap } from "./write_config_map.ts";

/** See the module. */
export interface CatalogStore {
  /** The offers of an account as last published; none if there are none that can be read. */
  load(className: string, account: string): Promise<readonly Offer[]>;
  /** Writes a catalog, and removes the parts that it no longer needs. */
  save(catalog: Catalog, signal: AbortSignal): Promise<void>;
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

  /** @returns Whether there was one. */
  async function remove(name: string, signal: AbortSignal): Promise<boolean> {
    try {
      await kube.delete(configMaps, { name, namespace }, { signal });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
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
        if (!await remove(toCatalogName(nodeClass, account, part), signal)) break;
      }
      parts.set(head, shards.length);
    },
  };
}
