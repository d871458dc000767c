/**
 * Cached objects as reconcilers read them.
 *
 * @module
 */

/** A read-only view of one kind of object; informers are readers. Never change what it returns. */
export interface Reader<T> {
  /** The object of a key (`name` or `namespace/name`), as last seen. */
  get(key: string): T | undefined;
  /** All objects, as last seen. */
  list(): readonly T[];
}
