/**
 * Publishes what each account offers, for the plugin and for people.
 *
 * @module
 */

import type { Catalog } from "../providers/catalog/catalog.ts";
import { fingerprintCatalog } from "../providers/catalog/fingerprint_catalog.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import { type Account, accountKey, parseAccountKey } from "./accounts/account.ts";
import type { CatalogStore } from "./catalog_store.ts";
import { createRecordPublisher } from "./record_publisher.ts";

/** Unchanged offers are published again after this long, so that their age stays honest. */
const refreshMs = 10 * 60_000;

/** Collaborators. */
export interface CatalogPublisherDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<CatalogStore, "save" | "remove">;
}

/** See the module. */
export interface CatalogPublisher {
  /** An account has read its offers, or could not. */
  publish(account: Account): void;
  /** There is no such account any more. @param key What `accountKey` gives. */
  withdraw(key: string): void;
  /** Writes until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Creates the publisher. */
export function createCatalogPublisher(deps: CatalogPublisherDeps): CatalogPublisher {
  const { store } = deps;
  const records = createRecordPublisher<Catalog>(deps, {
    what: "offers",
    fingerprint: fingerprintCatalog,
    save: (catalog, signal) => store.save(catalog, signal),
    remove: (key, signal) => store.remove(...parseAccountKey(key), signal),
    refreshMs,
  });
  return {
    publish: (account) =>
      records.publish(accountKey(account.className, account.name), toCatalog(account)),
    withdraw: (key) => records.withdraw(key),
    run: (signal) => records.run(signal),
  };
}

function toCatalog(account: Account): Catalog {
  return {
    nodeClass: account.className,
    account: account.name,
    provider: account.provider.info().provider,
    readAt: account.snapshot?.readAt,
    source: account.offersFailure ? { state: "failed", ...account.offersFailure } : { state: "ok" },
    offers: account.snapshot?.offers ?? [],
  };
}
