/**
 * Delivering changes to one listener at its own pace.
 *
 * @module
 */

import { type Change, combineChanges } from "./change.ts";
import { Fifo } from "./fifo.ts";

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
  /** By key; `undefined` for a key in `order` whose changes cancelled out. */
  const pending = new Map<string, Change<T> | undefined>();
  const order = new Fifo<string>();
  let delivering = false;
  let closed = false;

  const take = (): Change<T> | undefined => {
    for (let key = order.shift(); key !== undefined; key = order.shift()) {
      const change = pending.get(key);
      pending.delete(key);
      if (change !== undefined) return change;
    }
    return undefined;
  };
  const deliver = async () => {
    delivering = true;
    // A listener that fails or takes long must not be on the stream's stack.
    await Promise.resolve();
    for (let next = take(); next !== undefined && !closed; next = take()) {
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
      if (!pending.has(change.key)) order.push(change.key);
      pending.set(change.key, combineChanges(pending.get(change.key), change));
      if (!delivering) void deliver();
    },
    close() {
      closed = true;
    },
  };
}
