/**
 * Holding objects until their clean-up is done.
 *
 * @module
 */

import type { KubernetesObject } from "../schemas/kubernetes.ts";
import { isNotFound, type Kube } from "./kube.ts";
import type { ResourceType } from "./resource.ts";

/**
 * Adds a finalizer, unless the object has it already. Locked by `resourceVersion`: the list is replaced
 * as a whole, and somebody else's finalizer must not be lost.
 *
 * @returns The object as it is now.
 * @throws {KubeError} 409 if the object was changed since it was read.
 */
export async function addFinalizer<T extends KubernetesObject>(
  kube: Kube,
  type: ResourceType<T>,
  object: T,
  finalizer: string,
): Promise<T> {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(finalizer)) return object;
  return await patchFinalizers(kube, type, object, [...finalizers, finalizer]);
}

/**
 * Removes a finalizer. The object may be gone afterwards, and may have been gone before: both are well.
 *
 * @throws {KubeError} 409 if the object was changed since it was read.
 */
export async function removeFinalizer<T extends KubernetesObject>(
  kube: Kube,
  type: ResourceType<T>,
  object: T,
  finalizer: string,
): Promise<void> {
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(finalizer)) return;
  const others = finalizers.filter((other) => other !== finalizer);
  try {
    await patchFinalizers(kube, type, object, others);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function patchFinalizers<T extends KubernetesObject>(
  kube: Kube,
  type: ResourceType<T>,
  object: T,
  finalizers: readonly string[],
): Promise<T> {
  const { name, namespace, resourceVersion, uid } = object.metadata;
  return kube.patch(type, { name, namespace }, { metadata: { uid, resourceVersion, finalizers } });
}
