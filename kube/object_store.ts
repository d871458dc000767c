/**
 * The objects an informer holds, and the differences between one state and the next.
 *
 * @module
 */

import type { KubernetesObject } from "../schemas/kubernetes.ts";
import type { Change } from "./change.ts";
import { toKey } from "./resource.ts";
import { UnreadableObject } from "./unreadable_object.ts";

/** Whom a store tells. */
export interface ObjectStoreListeners<T> {
  /** Called once per difference, after the store has changed. */
  readonly onChange: (change: Change<T>) => void;
  /** Called for every object that is skipped. */
  readonly onUnreadable: (key: string, error: unknown) => void;
}

/** Objects by key. */
export interface ObjectStore<T> {
  get(key: string): T | undefined;
  list(): readonly T[];
  entries(): Iterable<readonly [string, T]>;
  /** Adds or replaces one object; the same version again is no change. */
  put(object: T | UnreadableObject): void;
  remove(object: T | UnreadableObject): void;
  /** Makes the store hold exactly these; what is no longer there counts as deleted. */
  replaceAll(objects: readonly (T | UnreadableObject)[]): void;
}

/** Creates an empty store. */
export function createObjectStore<T extends KubernetesObject>(
  listeners: ObjectStoreListeners<T>,
): ObjectStore<T> {
  const objects = new Map<string, T>();

  const put = (object: T | UnreadableObject) => {
    const key = toKey(object.metadata);
    if (object instanceof UnreadableObject) return listeners.onUnreadable(key, object.error);
    const old = objects.get(key);
    if (old !== undefined && isSameVersion(old, object)) return;
    objects.set(key, object);
    listeners.onChange(
      old === undefined ? { type: "ADDED", key, object } : { type: "MODIFIED", key, object, old },
    );
  };
  const remove = (key: string) => {
    const old = objects.get(key);
    if (old === undefined) return;
    objects.delete(key);
    listeners.onChange({ type: "DELETED", key, old });
  };

  return {
    get: (key) => objects.get(key),
    list: () => [...objects.values()],
    entries: () => objects,
    put,
    remove: (object) => remove(toKey(object.metadata)),
    replaceAll(listed) {
      const keys = new Set(listed.map((object) => toKey(object.metadata)));
      for (const key of [...objects.keys()]) if (!keys.has(key)) remove(key);
      for (const object of listed) put(object);
    },
  };
}

function isSameVersion(a: KubernetesObject, b: KubernetesObject): boolean {
  return a.metadata.uid === b.metadata.uid &&
    a.metadata.resourceVersion !== undefined &&
    a.metadata.resourceVersion === b.metadata.resourceVersion;
}
