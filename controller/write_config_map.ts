/**
 * Writes a ConfigMap whole, whether it is there or not. For maps with one writer: the last write stands.
 *
 * @module
 */

import { isNotFound, type Kube } from "../kube/kube.ts";
import { configMaps } from "../kube/resource.ts";
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
