/**
 * The end of CustomResourceDefinitions: their objects are deleted first.
 *
 * @module
 */

import { type ApiObject, toTimestamp, withMetadata } from "../api_object.ts";
import type { Core } from "../core.ts";
import { crdCleanupFinalizer } from "../strategies/custom_resource_definition.ts";
import { crdStorageKey } from "./registry.ts";

/** Follows definitions that end, and the objects they wait for, for as long as the store lives. */
export function followDefinitions(core: Core): void {
  core.store.subscribe(({ storageKey, type, object }) => {
    if (storageKey === crdStorageKey) {
      if (type === "MODIFIED" && isEnding(object)) endObjects(core, object);
    } else if (type === "DELETED") {
      const crd = core.store.get(crdStorageKey, "", storageKey);
      if (crd && isEnding(crd)) release(core, crd);
    }
  });
}

function isEnding({ metadata }: ApiObject): boolean {
  return metadata.deletionTimestamp !== undefined &&
    (metadata.finalizers ?? []).includes(crdCleanupFinalizer);
}

function endObjects({ store, clock }: Core, crd: ApiObject): void {
  const now = toTimestamp(clock.now());
  for (const object of store.list(crd.metadata.name)) {
    if ((object.metadata.finalizers ?? []).length === 0) store.remove(crd.metadata.name, object);
    else if (!object.metadata.deletionTimestamp) {
      store.put(
        crd.metadata.name,
        withMetadata(object, { deletionTimestamp: now, deletionGracePeriodSeconds: 0 }),
      );
    }
  }
  const current = store.get(crdStorageKey, "", crd.metadata.name);
  if (current && isEnding(current)) release({ store }, current);
}

/** Lets a definition go once nothing is left of it. */
function release({ store }: Pick<Core, "store">, crd: ApiObject): void {
  if (store.list(crd.metadata.name).length > 0) return;
  const finalizers = (crd.metadata.finalizers ?? []).filter((one) => one !== crdCleanupFinalizer);
  const released = withMetadata(crd, {
    finalizers: finalizers.length > 0 ? finalizers : undefined,
  });
  if (finalizers.length > 0) store.put(crdStorageKey, released);
  else store.remove(crdStorageKey, released);
}
