/**
 * All accounts of all classes, each with its running poller.
 *
 * The node class reconciler is the only writer of which accounts exist; pollers write what they
 * learn; everybody else reads.
 *
 * **Guarantees**: an account with live machines is kept, and polled, when its class or its entry
 * disappears; a changed key is used only once it has shown that it reaches the same account.
 *
 * @module
 */

import { fingerprintOf } from "../../providers/api_key.ts";
import type { Provider } from "../../providers/contract.ts";
import type { Clock } from "../../runtime/clock.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import { isSame } from "../same.ts";
import type { StockMemory } from "../stock_memory.ts";
import { type Account, accountKey, type Problem, recordList } from "./account.ts";
import type { AccountPoller } from "./account_poller.ts";
import { toProblem } from "./account_poller.ts";

/** Collaborators. */
export interface AccountsDeps {
  readonly clock: Clock;
  /** Builds a client. @throws If the key or the entry cannot be used; the message never holds the key. */
  createProvider(entry: ProviderEntry, apiKey: string): Provider;
  createPoller(account: Account): AccountPoller;
  /** What is remembered about sold-out offers of an account. */
  loadStock(className: string, name: string): Promise<StockMemory>;
}

/** What an entry of a class asks for. */
export interface AccountRequest {
  readonly className: string;
  readonly entry: ProviderEntry;
  readonly apiKey: string;
  /** Ids of machines that claims have in this account. */
  readonly knownInstanceIds: readonly string[];
  /** Names of machines that were ordered in this account and of which nobody knows whether they exist. */
  readonly openOrders: readonly string[];
  /** The fingerprint that the class's status last showed for this entry. */
  readonly lastFingerprint: string | undefined;
}

/** An order is written and seen by everybody well within this time. */
const lingerMs = 60_000;

/** See the module. */
export class Accounts {
  readonly #deps: AccountsDeps;
  readonly #accounts = new Map<string, Account>();
  /** What each account's client was built from. */
  readonly #built = new Map<string, ProviderEntry>();
  /** Since when no claim has referred to an account that is to go. */
  readonly #idleSince = new Map<string, number>();
  readonly #running = new Map<string, { poller: AccountPoller; stop: AbortController }>();
  #signal: AbortSignal | undefined;

  constructor(deps: AccountsDeps) {
    this.#deps = deps;
  }

  /** Until `signal` aborts, accounts poll. */
  start(signal: AbortSignal): void {
    this.#signal = signal;
  }

  get(className: string, name: string): Account | undefined {
    return this.#accounts.get(accountKey(className, name));
  }

  list(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  /** The accounts of one class. */
  ofClass(className: string): readonly Account[] {
    return this.list().filter((account) => account.className === className);
  }

  /** Asks an account again soon. */
  poke(account: Account): void {
    this.#running.get(accountKey(account.className, account.name))?.poller.poke();
  }

  /**
   * Makes an entry's account exist with the given key, and returns why it cannot, if it cannot.
   *
   * An old client goes on until the new key has listed one of the account's known machines: with a key
   * of another account every machine would look gone, and every open order as if it never happened.
   */
  async ensure(request: AccountRequest, signal: AbortSignal): Promise<Problem | undefined> {
    const { className, entry, apiKey } = request;
    const fingerprint = fingerprintOf(apiKey);
    const current = this.get(className, entry.name);
    const built = this.#built.get(accountKey(className, entry.name));
    if (current && current.fingerprint === fingerprint && sameClient(built, entry)) {
      return undefined;
    }
    let provider: Provider;
    try {
      provider = this.#deps.createProvider(entry, apiKey);
    } catch (error) {
      return { reason: reasons.credentialsMalformed, message: (error as Error).message };
    }
    const account: Account = {
      className,
      name: entry.name,
      fingerprint,
      provider,
      entry,
      keyProblem: undefined,
      verified: false,
      identity: undefined,
      problem: undefined,
      block: undefined,
      snapshot: undefined,
      lists: [],
      stock: current?.stock ?? await this.#deps.loadStock(className, entry.name),
    };
    if (needsProof(request, current?.fingerprint ?? request.lastFingerprint, fingerprint)) {
      const problem = await this.#proveSameAccount(account, request, signal);
      if (problem) return problem;
    }
    this.#replace(account, entry);
    return undefined;
  }

  /**
   * Tells an account what its class says of it now, whether or not its key can still be read: what stops
   * buying must not depend on that.
   */
  update(className: string, entry: ProviderEntry, keyProblem: Problem | undefined): void {
    const account = this.get(className, entry.name);
    if (!account) return;
    const startsBuying = account.entry?.enabled === false && entry.enabled !== false;
    account.entry = entry;
    account.keyProblem = keyProblem;
    this.#idleSince.delete(accountKey(className, entry.name));
    if (startsBuying) this.poke(account);
  }

  /**
   * The class no longer lists an entry: it stops buying, and goes on while claims refer to it, and long
   * enough for an order that was on its way to show up as one that does.
   */
  retire(className: string, name: string, isInUse: boolean): void {
    const key = accountKey(className, name);
    const account = this.#accounts.get(key);
    if (!account) return;
    account.entry = undefined;
    const now = this.#deps.clock.now();
    const idleSince = isInUse ? now : this.#idleSince.get(key) ?? now;
    this.#idleSince.set(key, idleSince);
    if (now - idleSince >= lingerMs) this.#remove(key);
  }

  /** A class that nothing refers to goes, and its accounts with it. */
  drop(className: string): void {
    for (const { name } of this.ofClass(className)) this.#remove(accountKey(className, name));
  }

  async #proveSameAccount(
    account: Account,
    { knownInstanceIds, openOrders }: AccountRequest,
    signal: AbortSignal,
  ): Promise<Problem | undefined> {
    const startedAt = this.#deps.clock.now();
    try {
      const instances = await account.provider.listInstances(signal);
      const knows = instances.some(({ id, ownership }) =>
        knownInstanceIds.includes(id) ||
        (ownership.kind === "ours" && openOrders.includes(ownership.claimName))
      );
      if (knows) {
        recordList(account, { startedAt, instances });
        return undefined;
      }
    } catch (error) {
      return toProblem(error);
    }
    return {
      reason: reasons.accountChanged,
      message: `The key knows none of this account's ${
        knownInstanceIds.length + openOrders.length
      } machines and open orders, so it seems to be another account's: put the old key back until they are gone`,
    };
  }

  #replace(account: Account, entry: ProviderEntry): void {
    const key = accountKey(account.className, account.name);
    this.#remove(key);
    this.#accounts.set(key, account);
    this.#built.set(key, entry);
    if (!this.#signal) return;
    const stop = new AbortController();
    const poller = this.#deps.createPoller(account);
    this.#running.set(key, { poller, stop });
    // The loop never throws: it handles what it meets and ends with the signal.
    void poller.run(AbortSignal.any([this.#signal, stop.signal]));
  }

  #remove(key: string): void {
    this.#running.get(key)?.stop.abort();
    this.#running.delete(key);
    this.#accounts.delete(key);
    this.#built.delete(key);
    this.#idleSince.delete(key);
  }
}

/**
 * Whether a key has to show first that it reaches the same account. Where the last key was never
 * recorded, machines still have to be known; an order that may not even have happened proves nothing.
 */
function needsProof(
  { knownInstanceIds, openOrders }: AccountRequest,
  lastFingerprint: string | undefined,
  fingerprint: string,
): boolean {
  if (lastFingerprint === fingerprint) return false;
  return knownInstanceIds.length > 0 || (lastFingerprint !== undefined && openOrders.length > 0);
}

/** Whether two entries lead to the same client: all but what only buying looks at. */
function sameClient(left: ProviderEntry | undefined, right: ProviderEntry): boolean {
  if (!left) return false;
  const relevant = (
    { enabled: _enabled, priority: _priority, timeouts: _timeouts, ...rest }: ProviderEntry,
  ) => rest;
  return isSame(relevant(left), relevant(right));
}
