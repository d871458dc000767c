/**
 * Keeps the memory of sold-out offers over restarts: one ConfigMap per account.
 *
 * @module
 */

import { isNotFound, type Kube } from "../kube/kube.ts";
import { configMaps } from "../kube/resource.ts";
import type { Clock } from "../runtime/clock.ts";
import { decodeStock, encodeStock, pruneStock, type StockMemory } from "./stock_memory.ts";
import { writeConfigMap } from "./write_config_map.ts";

/** See the module. */
export interface StockStore {
  load(className: string, account: string): Promise<StockMemory>;
  save(className: string, account: string, memory: StockMemory): Promise<void>;
}

/** Creates the store in a namespace. */
export function createStockStore(kube: Kube, clock: Clock, namespace: string): StockStore {
  // Names of classes and accounts hold no dots, so that no two memories share a name.
  const toName = (className: string, account: string) => `tgp-stock-${className}.${account}`;
  return {
    async load(className, account) {
      try {
        const { data } = await kube.get(configMaps, {
          name: toName(className, account),
          namespace,
        });
        return pruneStock(decodeStock(data), clock.now());
      } catch (error) {
        if (isNotFound(error)) return new Map();
        throw error;
      }
    },
    async save(className, account, memory) {
      const name = toName(className, account);
      const data = encodeStock(pruneStock(memory, clock.now()));
      await writeConfigMap(kube, { name, namespace }, { data });
    },
  };
}
