/**
 * Merging several kubeconfigs into one.
 *
 * @module
 */

import type { Kubeconfig } from "./kubeconfig.ts";

/**
 * Merges kubeconfigs as client-go does: the first file that names a cluster, user or context defines
 * all of it, and the first that has a current context sets it.
 *
 * @param configs In order of precedence.
 */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  return {
    files: configs.flatMap((config) => config.files),
    currentContext: configs.find((config) => config.currentContext)?.currentContext,
    clusters: firstWins(configs.map((config) => config.clusters)),
    users: firstWins(configs.map((config) => config.users)),
    contexts: firstWins(configs.map((config) => config.contexts)),
  };
}

function firstWins<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  // A later entry of the Map constructor wins, so the file of highest precedence comes last.
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}
