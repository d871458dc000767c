/**
 * What an informer tells its listeners.
 *
 * @module
 */

/**
 * A difference between two views of the cluster. `old` is always what the listener was told last, so that
 * an index built from changes stays right; in between the object may have had other states. If
 * `old.metadata.uid` differs from `object.metadata.uid`, it was deleted and another of its name created.
 */
export type Change<T> =
  | { readonly type: "ADDED"; readonly key: string; readonly object: T; readonly old?: undefined }
  | { readonly type: "MODIFIED"; readonly key: string; readonly object: T; readonly old: T }
  | {
    readonly type: "DELETED";
    readonly key: string;
    readonly object?: undefined;
    readonly old: T;
  };

/**
 * The one change that two in a row amount to; `undefined` if they cancel out.
 *
 * ```
 *             then ADDED   then MODIFIED   then DELETED
 * ADDED           –           ADDED          nothing
 * MODIFIED        –          MODIFIED        DELETED
 * DELETED      MODIFIED         –               –
 * ```
 */
export function combineChanges<T>(
  first: Change<T> | undefined,
  then: Change<T>,
): Change<T> | undefined {
  if (first === undefined) return then;
  const { key } = then;
  if (then.type === "DELETED") {
    return first.type === "ADDED" ? undefined : { type: "DELETED", key, old: first.old };
  }
  return first.type === "ADDED"
    ? { type: "ADDED", key, object: then.object }
    : { type: "MODIFIED", key, object: then.object, old: first.old };
}
