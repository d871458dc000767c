/**
 * Reads what the controller last decided for a pool.
 *
 * @module
 */

import { isNotFound, type Kube, KubeError } from "../../kube/kube.ts";
import { configMaps } from "../../kube/resource.ts";
import {
  decodeDecisions,
  type PoolDecisions,
  toDecisionsName,
} from "../../schemas/pool_decisions.ts";

/** The decisions, or why there are none to show. */
export type DecisionsReading =
  | { readonly kind: "known"; readonly decisions: PoolDecisions }
  | { readonly kind: "none" }
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Reads them.
 *
 * @param namespace The controller's own.
 * @throws {KubeError} If the API server fails; that it forbids is an answer.
 */
export async function readDecisions(
  kube: Kube,
  namespace: string,
  pool: string,
): Promise<DecisionsReading> {
  const name = toDecisionsName(pool);
  try {
    const decisions = decodeDecisions((await kube.get(configMaps, { name, namespace })).data);
    if (decisions) return { kind: "known", decisions };
    return { kind: "unknown", why: `ConfigMap "${name}" was written by another version` };
  } catch (error) {
    if (isNotFound(error)) return { kind: "none" };
    if (error instanceof KubeError && error.code === 403) {
      return { kind: "unknown", why: `you may not read decisions: ${error.message}` };
    }
    throw error;
  }
}
