/**
 * Keeps every account's memory of sold-out offers over restarts.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import { type Account, accountKey, parseAccountKey } from "./accounts/account.ts";
import { createRecordPublisher } from "./record_publisher.ts";
import { encodeStock, pruneStock, type StockMemory } from "./stock_memory.ts";
import type { StockStore } from "./stock_store.ts";

/** Collaborators. */
export interface StockPublisherDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: StockStore;
}

/** See the module. */
export interface StockPublisher {
  /** What is remembered of an account. @throws {KubeError} If that cannot be told. */
  load(className: string, account: string): Promise<StockMemory>;
  /** An account may remember something new. */
  publish(account: Account): void;
  /** There is no such account any more. @param key What `accountKey` gives. */
  withdraw(key: string): void;
  /** Writes until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Creates the publisher. */
export function createStockPublisher(deps: StockPublisherDeps): StockPublisher {
  const { clock, store } = deps;
  const records = createRecordPublisher<Pick<Account, "className" | "name" | "stock">>(deps, {
    what: "out-of-stock memory",
    fingerprint: ({ stock }) => JSON.stringify(encodeStock(pruneStock(stock, clock.now()))),
    save: ({ className, name, stock }, signal) => store.save(className, name, stock, signal),
    remove: (key, signal) => store.remove(...parseAccountKey(key), signal),
  });
  return {
    async load(className, name) {
      const stock = await store.load(className, name);
      records.noteStored(accountKey(className, name), { className, name, stock });
      return stock;
    },
    // A copy: the account goes on learning, and what waits to be written must be what was meant.
    publish: ({ className, name, stock }) =>
      records.publish(accountKey(className, name), { className, name, stock }),
    withdraw: (key) => records.withdraw(key),
    run: (signal) => records.run(signal),
  };
}
