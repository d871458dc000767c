/**
 * Writes a ConfigMap whole, whether it is there or not, and removes one. For maps with one writer: the last
 * write stands.
 *
 * @module
 */

import { isNotFound, type Kube } from "../kube/kube.ts";
import { configMaps, type ObjectRef } from "../kube/resource.ts";
import type { ConfigMap, ObjectMeta } from "../schemas/kubernetes.ts";

/** Creates or replaces. @throws {KubeError} If the API server refuses. */
export async function writeConfigMap(
  kube: Kube,
  metadata: ObjectMeta,
  content: Pick<ConfigMap, "data" | "binaryData">,
  signal?: AbortSignal,
): Promise<void> {
  const object: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata, ...content };
  try {
    // First what happens most: a map is made once and rewritten for ever.
    await kube.replace(configMaps, object, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await kube.create(configMaps, object, { signal });
  }
}

/** @returns Whether there was one. @throws {KubeError} If the API server refuses. */
export async function removeConfigMap(
  kube: Kube,
  ref: ObjectRef,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await kube.delete(configMaps, ref, { signal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
