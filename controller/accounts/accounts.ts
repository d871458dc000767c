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

import { createHash } from "node:crypto";
import type { Provider } from "../../providers/contract.ts";
import type { Clock } from "../../runtime/clock.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
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
  /** The fingerprint that the class's status last showed for this entry. */
  readonly lastFingerprint: string | undefined;
}

/** See the module. */
export class Accounts {
  readonly #deps: AccountsDeps;
  readonly #accounts = new Map<string, Account>();
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
   * An old client goes on until the new key has listed one of the account's known machines: a key of
   * another account would make every machine look gone.
   */
  async ensure(request: AccountRequest, signal: AbortSignal): Promise<Problem | undefined> {
    const { className, entry, apiKey } = request;
    const fingerprint = fingerprintOf(apiKey);
    const current = this.get(className, entry.name);
    if (current && current.fingerprint === fingerprint && sameClient(current.entry, entry)) {
      if (current.entry !== entry) {
        current.entry = entry;
        this.poke(current);
      }
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
      verified: false,
      identity: undefined,
      problem: undefined,
      block: undefined,
      snapshot: undefined,
      lists: [],
      stock: current?.stock ?? await this.#deps.loadStock(className, entry.name),
    };
    const knownKey = current?.fingerprint ?? request.lastFingerprint;
    if (knownKey !== undefined && knownKey !== fingerprint && request.knownInstanceIds.length > 0) {
      const problem = await this.#proveSameAccount(account, request.knownInstanceIds, signal);
      if (problem) return problem;
    }
    this.#replace(account);
    return undefined;
  }

  /** The class no longer lists an entry: it stops buying, and goes on while it has machines. */
  retire(className: string, name: string, hasMachines: boolean): void {
    const account = this.get(className, name);
    if (!account) return;
    if (hasMachines) account.entry = undefined;
    else this.#remove(accountKey(className, name));
  }

  async #proveSameAccount(
    account: Account,
    knownInstanceIds: readonly string[],
    signal: AbortSignal,
  ): Promise<Problem | undefined> {
    const startedAt = this.#deps.clock.now();
    try {
      const instances = await account.provider.listInstances(signal);
      if (instances.some(({ id }) => knownInstanceIds.includes(id))) {
        recordList(account, { startedAt, instances });
        return undefined;
      }
    } catch (error) {
      return toProblem(error);
    }
    return {
      reason: reasons.accountChanged,
      message:
        `The new key knows none of this account's ${knownInstanceIds.length} machines, so it seems to be another account's: put the old key back until they are gone`,
    };
  }

  #replace(account: Account): void {
    const key = accountKey(account.className, account.name);
    this.#remove(key);
    this.#accounts.set(key, account);
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
  }
}

/** Tells keys apart and reveals nothing: the first 12 hex digits of the SHA-256. */
export function fingerprintOf(apiKey: string): string {
  return createHash("sha256").update(apiKey).digest("hex").slice(0, 12);
}

/** Whether two entries lead to the same client: all but what only buying looks at. */
function sameClient(left: ProviderEntry | undefined, right: ProviderEntry): boolean {
  if (!left) return false;
  const relevant = (
    { enabled: _enabled, priority: _priority, timeouts: _timeouts, ...rest }: ProviderEntry,
  ) => JSON.stringify(rest);
  return relevant(left) === relevant(right);
}
