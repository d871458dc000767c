/**
 * The keys that are on probation now. They are tried beside everything else: a vendor that does not
 * answer must not hold up the class, its other accounts, or the client that works.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import { forwardAbort } from "../../runtime/forward_abort.ts";
import { reasons } from "../../schemas/conditions.ts";
import { type Account, accountKey, type Problem, recordList } from "./account.ts";
import { type Evidence, gatherEvidence, isAtStake, judgeKey, type Stake } from "./key_trial.ts";

/** A key that did not prove itself is tried again after this long: the vendor's list may lag, or the vendor be away. */
const tryAgainMs = 30_000;

const undecided: Problem = Object.freeze({
  reason: reasons.pending,
  message: "The key is being verified",
});

/** Collaborators. */
export interface KeyTrialsDeps {
  readonly clock: Clock;
  /** More is known about a key of that class. */
  onTried(className: string): void;
}

interface Trial {
  /** What takes over if the key proves itself. */
  readonly account: Account;
  readonly stop: AbortController;
  /** Lets go of the signal that all trials end with. */
  readonly unlink: () => void;
  running: boolean;
  /** As of the last try. */
  evidence: Evidence | undefined;
  triedAt: number;
}

/** See the module. */
export class KeyTrials {
  readonly #deps: KeyTrialsDeps;
  readonly #trials = new Map<string, Trial>();
  #signal: AbortSignal | undefined;

  constructor(deps: KeyTrialsDeps) {
    this.#deps = deps;
  }

  /** Tries end when `signal` aborts. */
  start(signal: AbortSignal): void {
    this.#signal = signal;
  }

  /** The account on probation under a key of `accountKey`. */
  candidate(key: string): Account | undefined {
    return this.#trials.get(key)?.account;
  }

  /** Whether an account may take over now; starts a try where more has to be found out. */
  judge(account: Account, stake: Stake): Problem | undefined {
    const key = accountKey(account.className, account.name);
    let trial = this.#trials.get(key);
    if (trial?.account !== account) {
      this.end(key);
      trial = this.#begin(account);
      this.#trials.set(key, trial);
    }
    const { evidence } = trial;
    const verdict = evidence && judgeKey(stake, evidence);
    if (verdict?.kind === "accepted") {
      if (evidence?.list) recordList(account, evidence.list);
      return undefined;
    }
    const due = verdict?.kind !== "refused" ||
      this.#deps.clock.now() >= trial.triedAt + tryAgainMs;
    if (due && !trial.running) void this.#try(trial, stake);
    return verdict?.kind === "refused" ? verdict.problem : undecided;
  }

  /** Forgets a trial, if there is one. */
  end(key: string): void {
    const trial = this.#trials.get(key);
    trial?.stop.abort();
    trial?.unlink();
    this.#trials.delete(key);
  }

  /** Forgets the trials of a class's accounts that are not among those. */
  endOthers(className: string, names: ReadonlySet<string>): void {
    for (const [key, { account }] of this.#trials) {
      if (account.className === className && !names.has(account.name)) this.end(key);
    }
  }

  #begin(account: Account): Trial {
    const stop = new AbortController();
    return {
      account,
      stop,
      unlink: forwardAbort(this.#signal, stop),
      running: false,
      evidence: undefined,
      triedAt: -Infinity,
    };
  }

  /** Never throws: a vendor's failure is evidence, and otherwise the trial has ended. */
  async #try(trial: Trial, stake: Stake): Promise<void> {
    const { account, stop: { signal } } = trial;
    // Where the vendor tells who answers, that decides.
    const wantsList = (identity: string | undefined) =>
      isAtStake(stake) && (identity === undefined || stake.lastIdentity === undefined);
    trial.running = true;
    try {
      trial.evidence = await gatherEvidence(this.#deps, account, wantsList, signal);
    } catch {
      return;
    } finally {
      trial.running = false;
      trial.triedAt = this.#deps.clock.now();
    }
    this.#deps.onTried(account.className);
  }
}
