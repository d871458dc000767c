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
 * @param patch The fields to replace, lists and maps as a whole; absent fields stay.
 * @returns The object as the server now has it.
 * @throws KubeError 409 when somebody else wrote first: load again and run again.
 */
export function patchStatus<
  T extends KubernetesObject & { readonly status?: unknown },
  S extends z.ZodType,
>(
  kube: Kube,
  type: ResourceType<T>,
  object: T,
  schema: S,
  patch: z.output<S>,
  signal?: AbortSignal,
): Promise<T> {
  const { name, resourceVersion } = object.metadata;
  const before = isMap(object.status) ? object.status : {};
  const status = Object.fromEntries(
    Object.entries(z.encode(schema, patch) as Record<string, unknown>)
      .map(([field, value]) => [field, withRemovals(before[field], value)]),
  );
  return kube.patch(type, { name }, { metadata: { resourceVersion }, status }, {
    kind: "merge",
    subresource: "status",
    signal,
  });
}

/** A merge patch adds to maps: keys that are to go have to be named. */
function withRemovals(before: unknown, after: unknown): unknown {
  if (!isMap(before) || !isMap(after)) return after;
  const gone = Object.keys(before).filter((key) => after[key] === undefined);
  return {
    ...Object.fromEntries(gone.map((key) => [key, null])),
    ...Object.fromEntries(
      Object.entries(after).filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, withRemovals(before[key], value)]),
    ),
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
