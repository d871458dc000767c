/**
 * Has records removed whose subject is gone: offers and out-of-stock memories of accounts that no class
 * lists, decisions of pools that are no more.
 *
 * **Guarantees**: the records of an account go only once no class lists it, no claim refers to it and no
 * client of it works, for a minute; each kind's own publisher removes them, so that a kind keeps one
 * writer. The API server is asked once, for what earlier processes left; names of earlier versions go
 * then.
 *
 * **Assumptions**: the caches have synced; one leader.
 *
 * @module
 */

import { type BackoffOptions, computeBackoffMs } from "../runtime/backoff.ts";
import type { Kube } from "../kube/kube.ts";
import { configMaps, type ResourceType } from "../kube/resource.ts";
import { parseCatalogName } from "../providers/catalog/codec.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import type { KubernetesObject } from "../schemas/kubernetes.ts";
import type { GPUNodeClaim } from "../schemas/node_claim.ts";
import type { GPUNodeClass } from "../schemas/node_class.ts";
import type { GPUNodePool } from "../schemas/node_pool.ts";
import { parseDecisionsName } from "../schemas/pool_decisions.ts";
import { accountKey } from "./accounts/account.ts";
import type { Accounts } from "./accounts/accounts.ts";
import type { Reader } from "./reader.ts";
import { findStaleRecords, isOldName, type KnownRecords } from "./stale_records.ts";
import { parseStockName } from "./stock_store.ts";
import { removeConfigMap } from "./write_config_map.ts";

/** How often records are compared with what they are about. */
const sweepEveryMs = 30_000;
const backoff: BackoffOptions = Object.freeze({ initialMs: 1_000, maxMs: 60_000 });

/** Who removes records of a kind. */
interface Withdrawer {
  withdraw(key: string): void;
}

/** Collaborators. */
export interface RecordSweepDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly namespace: string;
  readonly accounts: Pick<Accounts, "list">;
  readonly classes: Reader<GPUNodeClass>;
  readonly claims: Reader<GPUNodeClaim>;
  readonly pools: Reader<GPUNodePool>;
  readonly publisher: Withdrawer;
  readonly stock: Withdrawer;
  readonly decisions: Withdrawer;
}

/** See the module. */
export class RecordSweep {
  readonly #deps: RecordSweepDeps;
  #ofAccounts: KnownRecords = new Map();
  #ofPools: KnownRecords = new Map();

  constructor(deps: RecordSweepDeps) {
    this.#deps = deps;
  }

  /** Sweeps until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#takeOver(signal);
    while (!signal.aborted) {
      this.sweep();
      await this.#deps.clock.sleep(sweepEveryMs, signal).catch(() => {});
    }
  }

  /** Has everything removed that has lost its subject. */
  sweep(): void {
    const { clock, decisions, log, pools, publisher, stock } = this.#deps;
    const now = clock.now();
    const ofAccounts = findStaleRecords(this.#ofAccounts, this.#wantedAccounts(), now);
    for (const key of ofAccounts.stale) {
      log.info("Removing the records of an account that is gone", { account: key });
      publisher.withdraw(key);
      stock.withdraw(key);
    }
    this.#ofAccounts = ofAccounts.known;
    const wanted = new Set(pools.list().map(({ metadata }) => metadata.name));
    const ofPools = findStaleRecords(this.#ofPools, wanted, now);
    for (const pool of ofPools.stale) {
      log.info("Removing the decisions of a pool that is gone", { pool });
      decisions.withdraw(pool);
    }
    this.#ofPools = ofPools.known;
  }

  /** Whatever may still write or read an account's records. */
  #wantedAccounts(): ReadonlySet<string> {
    const { accounts, claims, classes } = this.#deps;
    const listed = classes.list().flatMap(({ metadata, spec }) =>
      spec.providers.map((entry) => accountKey(metadata.name, entry.name))
    );
    const claimed = claims.list().flatMap(({ spec, status }) =>
      status?.launch ? [accountKey(spec.nodeClassRef.name, status.launch.offer.account)] : []
    );
    const working = accounts.list().map(({ className, name }) => accountKey(className, name));
    return new Set([...listed, ...claimed, ...working]);
  }

  /** Tries until it is known what earlier processes have left behind, or `signal` aborts. */
  async #takeOver(signal: AbortSignal): Promise<void> {
    const { clock, log, random } = this.#deps;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        return await this.#readNames(signal);
      } catch (error) {
        if (signal.aborted) return;
        log.warn("Cannot read which records there are", { error: String(error) });
        const delayMs = computeBackoffMs(backoff, failures, random);
        await clock.sleep(delayMs, signal).catch(() => {});
      }
    }
  }

  async #readNames(signal: AbortSignal): Promise<void> {
    const { kube, log, namespace } = this.#deps;
    const { items } = await kube.list(namesOnly, { namespace, signal });
    const ofAccounts = new Map<string, undefined>();
    const ofPools = new Map<string, undefined>();
    for (const { metadata: { name } } of items) {
      const account = parseCatalogName(name) ?? parseStockName(name);
      const pool = parseDecisionsName(name);
      if (account) ofAccounts.set(accountKey(account.nodeClass, account.account), undefined);
      else if (pool !== undefined) ofPools.set(pool, undefined);
      else if (isOldName(name)) {
        log.info("Removing a record of an earlier version", { name });
        await removeConfigMap(kube, { name, namespace }, signal);
      }
    }
    this.#ofAccounts = ofAccounts;
    this.#ofPools = ofPools;
  }
}

/** ConfigMaps whose contents were dropped as they were decoded. */
const namesOnly: ResourceType<KubernetesObject> = {
  ...configMaps,
  parse(raw) {
    const { apiVersion, kind, metadata: { name, namespace } } = configMaps.parse(raw);
    return { apiVersion, kind, metadata: { name, namespace } };
  },
};
