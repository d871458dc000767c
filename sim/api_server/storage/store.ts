/**
 * The state of the server: objects by resource and name, one counter of revisions, and the changes of
 * the recent past, from which watches resume and old pages are read.
 *
 * @module
 */

import { type ApiObject, withMetadata } from "../api_object.ts";

/** One write. */
export interface Change {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly storageKey: string;
  /** The object after the write; for a deletion its last state, stamped with the deletion's revision. */
  readonly object: ApiObject;
  readonly previous: ApiObject | undefined;
}

/** Told of every write, in order, before the writer gets its answer. */
export type ChangeListener = (change: Change) => void;

/** How many changes are remembered unless said otherwise: enough for any watch to reconnect. */
const defaultHistoryLimit = 10_000;

/** One resource's objects. */
interface Shelf {
  readonly objects: Map<string, ApiObject>;
  /** All objects in key order; dropped by every write. */
  sorted: readonly ApiObject[] | undefined;
  lastRevision: number;
}

/** Objects, revisions and recent history. Synchronous: a read and a write after it are one step. */
export class Store {
  readonly #shelves = new Map<string, Shelf>();
  readonly #listeners = new Set<ChangeListener>();
  readonly #historyLimit: number;
  #history: Change[] = [];
  #revision = 1;
  #compacted = 0;

  /** @param historyLimit How many changes are remembered. @default {10_000} */
  constructor(historyLimit: number = defaultHistoryLimit) {
    this.#historyLimit = historyLimit;
  }

  /** The revision of the latest write. */
  get revision(): number {
    return this.#revision;
  }

  /** Everything before this revision is forgotten. */
  get compactedRevision(): number {
    return this.#compacted;
  }

  /** The keys of all resources that have had objects. */
  resources(): readonly string[] {
    return [...this.#shelves.keys()];
  }

  /** One object. */
  get(storageKey: string, namespace: string, name: string): ApiObject | undefined {
    return this.#shelves.get(storageKey)?.objects.get(toStoreKey(namespace, name));
  }

  /** All objects of a resource, in key order. */
  list(storageKey: string): readonly ApiObject[] {
    const shelf = this.#shelves.get(storageKey);
    if (!shelf) return [];
    shelf.sorted ??= sortByKey(shelf.objects);
    return shelf.sorted;
  }

  /**
   * All objects of a resource as they were at a revision.
   *
   * @returns `undefined` when that is forgotten.
   */
  listAt(storageKey: string, revision: number): readonly ApiObject[] | undefined {
    const shelf = this.#shelves.get(storageKey);
    if (!shelf) return [];
    if (shelf.lastRevision <= revision) return this.list(storageKey);
    if (revision < this.#compacted) return undefined;
    const objects = new Map(shelf.objects);
    for (let index = this.#history.length - 1; index >= 0; index--) {
      const change = this.#history[index];
      if (change === undefined || change.revision <= revision) break;
      if (change.storageKey !== storageKey) continue;
      const key = keyOf(change.object);
      if (change.previous === undefined) objects.delete(key);
      else objects.set(key, change.previous);
    }
    return sortByKey(objects);
  }

  /** Stores an object, new or changed, under the next revision, and returns it as stored. */
  put(storageKey: string, object: ApiObject): ApiObject {
    const shelf = this.#shelf(storageKey);
    const key = keyOf(object);
    const previous = shelf.objects.get(key);
    const revision = ++this.#revision;
    const stored = withMetadata(object, { resourceVersion: String(revision) });
    shelf.objects.set(key, stored);
    const type = previous === undefined ? "ADDED" : "MODIFIED";
    this.#record(shelf, { revision, type, storageKey, object: stored, previous });
    return stored;
  }

  /** Removes an object and returns its last state. */
  remove(storageKey: string, object: ApiObject): ApiObject {
    const shelf = this.#shelf(storageKey);
    const key = keyOf(object);
    const previous = shelf.objects.get(key);
    shelf.objects.delete(key);
    const revision = ++this.#revision;
    const last = withMetadata(object, { resourceVersion: String(revision) });
    this.#record(shelf, { revision, type: "DELETED", storageKey, object: last, previous });
    return last;
  }

  /** The remembered changes of one resource after a revision, oldest first. */
  changesSince(storageKey: string, revision: number): readonly Change[] {
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#history[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#history.slice(low).filter((change) => change.storageKey === storageKey);
  }

  /** Calls `listener` for every write from now on. @returns How to stop that. */
  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets all changes up to a revision, as etcd compacts. @default {the current revision} */
  compact(revision: number = this.#revision): void {
    this.#compacted = Math.max(this.#compacted, Math.min(revision, this.#revision));
    this.#history = this.#history.filter((change) => change.revision > this.#compacted);
  }

  #shelf(storageKey: string): Shelf {
    let shelf = this.#shelves.get(storageKey);
    if (!shelf) {
      shelf = { objects: new Map(), sorted: undefined, lastRevision: 0 };
      this.#shelves.set(storageKey, shelf);
    }
    return shelf;
  }

  #record(shelf: Shelf, change: Change): void {
    shelf.sorted = undefined;
    shelf.lastRevision = change.revision;
    this.#history.push(change);
    // Half at a time, so that forgetting costs nothing per write.
    if (this.#history.length > this.#historyLimit) {
      const dropped = this.#history.splice(0, Math.ceil(this.#historyLimit / 2));
      this.#compacted = dropped.at(-1)?.revision ?? this.#compacted;
    }
    for (const listener of [...this.#listeners]) listener(change);
  }
}

/** The key of an object within its resource: sorts by namespace, then name, as etcd does. */
export function toStoreKey(namespace: string, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

function keyOf(object: ApiObject): string {
  return toStoreKey(object.metadata.namespace ?? "", object.metadata.name);
}

function sortByKey(objects: ReadonlyMap<string, ApiObject>): readonly ApiObject[] {
  return [...objects].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) =>
    object
  );
}
