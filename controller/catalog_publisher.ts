/**
 * Publishes what each account offers, for the plugin and for people: ConfigMaps in the controller's
 * namespace, written only when they say something new, and at most every 15 s per account, however
 * much a vendor's stock signal flaps.
 *
 * @module
 */

import type { Catalog } from "../providers/catalog/catalog.ts";
import { fingerprintCatalog } from "../providers/catalog/fingerprint_catalog.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import { createPoke } from "../runtime/poke.ts";
import { type Account, accountKey } from "./accounts/account.ts";
import type { CatalogStore } from "./catalog_store.ts";

/** How often one account's catalog may be rewritten. */
const minIntervalMs = 15_000;
/** Unchanged offers are published again after this long, so that their age stays honest. */
const refreshMs = 10 * 60_000;

/** Collaborators. */
export interface CatalogPublisherDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<CatalogStore, "save">;
}

/** See the module. */
export interface CatalogPublisher {
  /** An account has read its offers, or could not. */
  publish(account: Account): void;
  /** Writes until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Creates the publisher. */
export function createCatalogPublisher(deps: CatalogPublisherDeps): CatalogPublisher {
  const { clock, log, store } = deps;
  const waiting = new Map<string, Catalog>();
  const written = new Map<string, { readonly fingerprint: string; readonly at: number }>();
  const poke = createPoke();

  /** @returns How long until the next catalog may be written; `undefined` when none waits. */
  async function writeDue(signal: AbortSignal): Promise<number | undefined> {
    let nextMs: number | undefined;
    for (const [key, catalog] of [...waiting]) {
      const last = written.get(key);
      const waitMs = last ? last.at + minIntervalMs - clock.now() : 0;
      if (waitMs > 0) {
        nextMs = Math.min(nextMs ?? waitMs, waitMs);
        continue;
      }
      waiting.delete(key);
      const fingerprint = fingerprintCatalog(catalog);
      if (last?.fingerprint === fingerprint && clock.now() - last.at < refreshMs) continue;
      try {
        await store.save(catalog, signal);
        written.set(key, { fingerprint, at: clock.now() });
      } catch (error) {
        if (!signal.aborted) {
          log.warn("Cannot publish offers", { account: key, error: String(error) });
        }
      }
    }
    return nextMs;
  }

  return {
    publish(account) {
      waiting.set(accountKey(account.className, account.name), toCatalog(account));
      poke.now();
    },
    async run(signal) {
      while (!signal.aborted) {
        const nextMs = await writeDue(signal);
        await poke.wait(clock, nextMs ?? refreshMs, signal);
      }
    },
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
