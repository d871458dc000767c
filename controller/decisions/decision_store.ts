/**
 * Keeps the last decisions of every pool: one ConfigMap each.
 *
 * @module
 */

import { isNotFound, type Kube } from "../../kube/kube.ts";
import { configMaps } from "../../kube/resource.ts";
import { labels } from "../../schemas/labels.ts";
import {
  decodeDecisions,
  encodeDecisions,
  type PoolDecisions,
  toDecisionsName,
} from "../../schemas/pool_decisions.ts";
import { removeConfigMap, writeConfigMap } from "../write_config_map.ts";

/** See the module. */
export interface DecisionStore {
  /** `undefined` if there are none that can be read. */
  load(pool: string, signal: AbortSignal): Promise<PoolDecisions | undefined>;
  save(decisions: PoolDecisions, signal: AbortSignal): Promise<void>;
  /** Removes a pool's decisions, if there are any. */
  remove(pool: string, signal: AbortSignal): Promise<void>;
}

/** Creates the store in a namespace. */
export function createDecisionStore(kube: Kube, namespace: string): DecisionStore {
  return {
    async load(pool, signal) {
      const ref = { name: toDecisionsName(pool), namespace };
      try {
        return decodeDecisions((await kube.get(configMaps, ref, { signal })).data);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async save(decisions, signal) {
      const { pool } = decisions;
      const metadata = {
        name: toDecisionsName(pool),
        namespace,
        labels: { [labels.nodePool]: pool },
      };
      await writeConfigMap(kube, metadata, { data: encodeDecisions(decisions) }, signal);
    },
    async remove(pool, signal) {
      await removeConfigMap(kube, { name: toDecisionsName(pool), namespace }, signal);
    },
  };
}
