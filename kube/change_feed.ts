/**
 * Delivering changes to one listener at its own pace.
 *
 * @module
 */

import { type Change, combineChanges } from "./change.ts";

/** Hears of changes, one at a time; the next waits for the promise of the one before. */
export type ChangeListener<T> = (change: Change<T>) => void | Promise<void>;

/** Changes on their way to one listener. */
export interface ChangeFeed<T> {
  /** Queues a change and returns at once. */
  push(change: Change<T>): void;
  /** Delivers no more. */
  close(): void;
}

/**
 * Creates a feed. What a slow listener has not heard yet is combined per object, so that it costs the
 * memory of at most one change per object, and the listener hears where things ended up.
 *
 * @param onError Told what the listener throws; the feed goes on.
 */
export function createChangeFeed<T>(
  listener: ChangeListener<T>,
  onError: (error: unknown) => void,
): ChangeFeed<T> {
  const pending = new Map<string, Change<T>>();
  let delivering = false;
  let closed = false;

  const deliver = async () => {
    delivering = true;
    // A listener that fails or takes long must not be on the stream's stack.
    await Promise.resolve();
    for (let next = takeFirst(pending); next !== undefined; next = takeFirst(pending)) {
      try {
        await listener(next);
      } catch (error) {
        onError(error);
      }
    }
    delivering = false;
  };

  return {
    push(change) {
      if (closed) return;
      const combined = combineChanges(pending.get(change.key), change);
      if (combined === undefined) pending.delete(change.key);
      else pending.set(change.key, combined);
      if (!delivering) void deliver();
    },
    close() {
      closed = true;
      pending.clear();
    },
  };
}

function takeFirst<T>(pending: Map<string, Change<T>>): Change<T> | undefined {
  for (const [key, change] of pending) {
    pending.delete(key);
    return change;
  }
  return undefined;
}
