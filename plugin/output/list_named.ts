/**
 * Lists objects, all or by name.
 *
 * @module
 */

import { isNotFound, type Kube, KubeError } from "../../kube/kube.ts";
import type { ResourceType } from "../../kube/resource.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { PluginError } from "../plugin_error.ts";

/**
 * The objects of these names, or all without a name.
 *
 * @throws {PluginError} If the cluster does not know the kind.
 * @throws {KubeError} If an object does not exist, or the API server refuses.
 */
export async function listNamed<T extends KubernetesObject>(
  kube: Kube,
  type: ResourceType<T>,
  names: readonly string[] = [],
): Promise<readonly T[]> {
  try {
    if (names.length === 0) return (await kube.list(type)).items;
    return await Promise.all(names.map((name) => kube.get(type, { name })));
  } catch (error) {
    // Without details it is not the object that was not found, but the path.
    if (isNotFound(error) && error instanceof KubeError && !error.status?.details?.name) {
      throw new PluginError(`the cluster has no resource ${type.plural}.${type.group}`, {
        remedy: ["Install TGP: kubectl apply -k manifests/"],
      });
    }
    throw error;
  }
}
