/**
 * Keeps the memory of sold-out offers over restarts: one ConfigMap per account.
 *
 * @module
 */

import { isNotFound, type Kube } from "../kube/kube.ts";
import { configMaps } from "../kube/resource.ts";
import type { Clock } from "../runtime/clock.ts";
import { decodeStock, encodeStock, pruneStock, type StockMemory } from "./stock_memory.ts";
import { removeConfigMap, writeConfigMap } from "./write_config_map.ts";

/** The ConfigMap of an account's memory. Names of classes and accounts hold no dots, so that no two share one. */
export function toStockName(className: string, account: string): string {
  return `tgp-stock-${className}.${account}`;
}

/** What {@linkcode toStockName} made a name from; `undefined` for names of other things. */
export function parseStockName(
  name: string,
): { readonly nodeClass: string; readonly account: string } | undefined {
  const [, nodeClass, account] = /^tgp-stock-([^.]+)\.([^.]+)$/.exec(name) ?? [];
  return nodeClass === undefined || account === undefined ? undefined : { nodeClass, account };
}

/** See the module. */
export interface StockStore {
  load(className: string, account: string): Promise<StockMemory>;
  save(
    className: string,
    account: string,
    memory: StockMemory,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Removes a memory, if there is one. */
  remove(className: string, account: string, signal?: AbortSignal): Promise<void>;
}

/** Creates the store in a namespace. */
export function createStockStore(kube: Kube, clock: Clock, namespace: string): StockStore {
  return {
    async load(className, account) {
      const name = toStockName(className, account);
      try {
        const { data } = await kube.get(configMaps, { name, namespace });
        return pruneStock(decodeStock(data), clock.now());
      } catch (error) {
        if (isNotFound(error)) return new Map();
        throw error;
      }
    },
    async save(className, account, memory, signal) {
      const name = toStockName(className, account);
      const data = encodeStock(pruneStock(memory, clock.now()));
      await writeConfigMap(kube, { name, namespace }, { data }, signal);
    },
    async remove(className, account, signal) {
      await removeConfigMap(kube, { name: toStockName(className, account), namespace }, signal);
    },
  };
}
