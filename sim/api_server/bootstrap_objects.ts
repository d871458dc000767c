/**
 * The objects that every cluster starts with.
 *
 * @module
 */

import { type ApiObject, toTimestamp } from "./api_object.ts";
import type { Core } from "./core.ts";
import { createUid } from "./write/system_fields.ts";

const namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** Stores them. */
export function seedObjects({ store, clock, random }: Core): void {
  const created = toTimestamp(clock.now());
  for (const name of namespaces) {
    const namespace: ApiObject = {
      kind: "Namespace",
      apiVersion: "v1",
      metadata: {
        name,
        uid: createUid(random),
        creationTimestamp: created,
        labels: { "kubernetes.io/metadata.name": name },
      },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    };
    store.put("namespaces", namespace);
  }
}
