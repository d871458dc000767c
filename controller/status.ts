/**
 * The one way to write a status: a merge patch with an optimistic lock.
 *
 * @module
 */

import { z } from "zod";
import type { Kube } from "../kube/kube.ts";
import type { ResourceType } from "../kube/resource.ts";
import type { KubernetesObject } from "../schemas/kubernetes.ts";

/**
 * Patches fields of an object's status, if nobody wrote since it was read.
 *
 * @param schema The status schema: it turns money and durations into their wire form.
 * @param patch The fields to replace; lists are replaced whole, absent fields stay.
 * @returns The object as the server now has it.
 * @throws KubeError 409 when somebody else wrote first: load again and run again.
 */
export function patchStatus<T extends KubernetesObject, S extends z.ZodType>(
  kube: Kube,
  type: ResourceType<T>,
  object: T,
  schema: S,
  patch: z.output<S>,
  signal?: AbortSignal,
): Promise<T> {
  const { name, resourceVersion } = object.metadata;
  const status = z.encode(schema, patch);
  return kube.patch(type, { name }, { metadata: { resourceVersion }, status }, {
    kind: "merge",
    subresource: "status",
    signal,
  });
}
