/**
 * All accounts of all classes, each with its running poller.
 *
 * The node class reconciler is the only writer of which accounts exist; pollers write what they
 * learn; everybody else reads.
 *
 * **Guarantees**: an account with live machines is kept, and polled, when its class or its entry
 * disappears; a changed key is used only once it has shown that it reaches the same account; no
 * account waits for another one's vendor.
 *
 * @module
 */

import { fingerprintOf } from "../../providers/api_key.ts";
import type { Offer, Provider } from "../../providers/contract.ts";
import { ProviderError } from "../../providers/errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { ForgettingMetrics } from "../../runtime/metrics.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import { isSame } from "../same.ts";
import type { StockMemory } from "../stock_memory.ts";
import { type Account, accountKey, type Problem } from "./account.ts";
import type { AccountPoller } from "./account_poller.ts";
import type { Stake } from "./key_trial.ts";
import { KeyTrials, type KeyTrialsDeps } from "./key_trials.ts";

/** Collaborators. */
export interface AccountsDeps extends KeyTrialsDeps {
  readonly clock: Clock;
  readonly metrics: ForgettingMetrics;
  /** Builds a client. @throws If the key or the entry cannot be used; the message never holds the key. */
  createProvider(request: Pick<AccountRequest, "className" | "entry" | "apiKey">): Provider;
  createPoller(account: Account): AccountPoller;
  /** What is remembered about sold-out offers of an account. */
  loadStock(className: string, name: string): Promise<StockMemory>;
  /** The offers of an account as last published; none if they never were. */
  loadOffers(className: string, name: string): Promise<readonly Offer[]>;
}

/** What an entry of a class asks for, and what hangs on its account. */
export interface AccountRequest extends Stake {
  readonly className: string;
  readonly entry: ProviderEntry;
  readonly apiKey: string;
  /** The fingerprint of the key that the account was last known by. */
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
  readonly #trials: KeyTrials;
  #signal: AbortSignal | undefined;

  constructor(deps: AccountsDeps) {
    this.#deps = deps;
    this.#trials = new KeyTrials(deps);
  }

  /** Until `signal` aborts, accounts poll and keys are tried. */
  start(signal: AbortSignal): void {
    this.#signal = signal;
    this.#trials.start(signal);
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
   * Makes an entry's account exist with the given key, and returns why it does not, if it does not yet.
   * Never waits for a vendor.
   *
   * An old client goes on until the new key has been accepted and has shown that it reaches the same
   * account. That is tried in the background; `onTried` says when to ask again.
   */
  async ensure(request: AccountRequest): Promise<Problem | undefined> {
    const { className, entry, apiKey } = request;
    const key = accountKey(className, entry.name);
    const fingerprint = fingerprintOf(apiKey);
    const current = this.#accounts.get(key);
    if (current?.fingerprint === fingerprint && sameClient(this.#built.get(key), entry)) {
      this.#trials.end(key);
      return undefined;
    }
    let account = this.#trials.candidate(key);
    if (account?.fingerprint !== fingerprint || !sameClient(account.entry, entry)) {
      try {
        account = toAccount(request, fingerprint, this.#deps.createProvider(request));
      } catch (error) {
        this.#trials.end(key);
        return toEntryProblem(error);
      }
    }
    const lastFingerprint = current?.fingerprint ?? request.lastFingerprint;
    if (lastFingerprint === fingerprint) {
      account.identity = current?.identity ?? request.lastIdentity;
    } else if (current || needsProof(request)) {
      const lastIdentity = current?.identity ?? request.lastIdentity;
      const problem = this.#trials.judge(account, { ...request, lastIdentity });
      if (problem) return problem;
    }
    account.stock = current?.stock ?? await this.#deps.loadStock(className, entry.name);
    account.lastOffers = current?.snapshot?.offers ?? current?.lastOffers ??
      await this.#deps.loadOffers(className, entry.name);
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

  /**
   * Ends and forgets the trials of a class's keys, but for the accounts that are asked for: a key that
   * nobody names any more is not to be used.
   */
  endTrials(className: string, askedFor: ReadonlySet<string>): void {
    this.#trials.endOthers(className, askedFor);
  }

  /** A class that nothing refers to goes, and its accounts with it. */
  drop(className: string): void {
    this.endTrials(className, new Set());
    for (const { name } of this.ofClass(className)) this.#remove(accountKey(className, name));
  }

  #replace(account: Account, entry: ProviderEntry): void {
    const key = accountKey(account.className, account.name);
    this.#remove(key);
    account.entry = entry;
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
    const account = this.#accounts.get(key);
    this.#running.get(key)?.stop.abort();
    this.#running.delete(key);
    this.#trials.end(key);
    this.#accounts.delete(key);
    this.#built.delete(key);
    this.#idleSince.delete(key);
    if (!account) return;
    // Last: calls that were cut off have said what is left of them.
    this.#deps.metrics.forget({ class: account.className, account: account.name });
  }
}

function toAccount(
  { className, entry }: AccountRequest,
  fingerprint: string,
  provider: Provider,
): Account {
  return {
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
    lastOffers: [],
    offersFailure: undefined,
    lists: [],
    stock: new Map(),
  };
}

/** Why no client could be made: nothing was asked yet. */
function toEntryProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const aboutKey = error instanceof ProviderError && error.kind === "unauthorized";
  return {
    reason: aboutKey ? reasons.credentialsMalformed : reasons.providerMisconfigured,
    message,
  };
}

/**
 * Whether a key that is not the last one has to show what it reaches, when no client is there. Where the
 * last key was never recorded, machines still have to be known; an order that may not even have happened
 * proves nothing.
 */
function needsProof({ knownInstanceIds, openOrders, lastFingerprint }: AccountRequest): boolean {
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
