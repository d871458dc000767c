/**
 * Keeps one account's knowledge fresh: verifies the key, lists machines, refreshes offers.
 *
 * One list per account serves all its claims, so polling does not grow with the fleet. Each account
 * has its own loop, so a slow or dead vendor delays nobody else.
 *
 * **Guarantees**: a list is recorded only when it was complete; a failure never removes knowledge.
 *
 * @module
 */

import { gatePrices } from "../../providers/catalog/gate_prices.ts";
import { ProviderError } from "../../providers/errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { reasons } from "../../schemas/conditions.ts";
import { applyStockSignal } from "../stock_memory.ts";
import { type Account, type Problem, recordList } from "./account.ts";
import { createPoke } from "./poke.ts";

/** How often an account is asked. Milliseconds. */
export interface PollIntervals {
  /** While a machine is being launched, adopted or ended. */
  readonly busyListMs: number;
  /** Otherwise. */
  readonly idleListMs: number;
  readonly offersMs: number;
}

/**
 * Lambda allows one request a second per account; a list every 5 s while something moves leaves room
 * for launches and terminations, and 10 s is the pace others use in practice.
 */
export const defaultPollIntervals: PollIntervals = Object.freeze({
  busyListMs: 5_000,
  idleListMs: 15_000,
  offersMs: 60_000,
});

/** Collaborators of a poller. */
export interface AccountPollerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly intervals: PollIntervals;
  /** Whether any claim of the account is on its way in or out. */
  isBusy(account: Account): boolean;
  /** Called when knowledge changed: offers, machines, or what is wrong. */
  onChange(account: Account, what: "offers" | "machines" | "health"): void;
}

/** A running loop for one account. */
export interface AccountPoller {
  run(signal: AbortSignal): Promise<void>;
  /** Asks again soon instead of at the next interval. */
  poke(): void;
}

/** Creates the loop for one account. */
export function createAccountPoller(deps: AccountPollerDeps, account: Account): AccountPoller {
  const { clock, log, metrics, intervals } = deps;
  const poke = createPoke();
  let listedAt = -Infinity;
  let refreshedAt = -Infinity;

  async function attempt(operation: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      metrics.count("tgp_provider_polls_total", {
        provider: providerName(),
        operation,
        result: "ok",
      });
    } catch (error) {
      const problem = toProblem(error);
      metrics.count("tgp_provider_polls_total", {
        provider: providerName(),
        operation,
        result: problem.reason,
      });
      noteProblem(problem);
    }
  }

  function noteProblem(problem: Problem): void {
    const before = account.problem;
    account.problem = problem;
    if (problem.reason === reasons.credentialsRejected) account.verified = false;
    if (before?.reason === problem.reason && before.message === problem.message) return;
    log.warn("Provider account has a problem", {
      account: account.name,
      class: account.className,
      reason: problem.reason,
      message: problem.message,
    });
    deps.onChange(account, "health");
  }

  function noteHealthy(): void {
    if (account.verified && !account.problem) return;
    account.verified = true;
    account.problem = undefined;
    deps.onChange(account, "health");
  }

  async function verify(signal: AbortSignal): Promise<void> {
    const identity = await account.provider.verifyCredentials(signal);
    account.identity = identity.account;
    noteHealthy();
  }

  async function list(signal: AbortSignal): Promise<void> {
    const startedAt = clock.now();
    listedAt = startedAt;
    const instances = await account.provider.listInstances(signal);
    recordList(account, { startedAt, instances });
    noteHealthy();
    deps.onChange(account, "machines");
  }

  async function refreshOffers(signal: AbortSignal): Promise<void> {
    refreshedAt = clock.now();
    const read = await account.provider.listOffers({}, signal);
    const previous = account.snapshot?.offers ?? [];
    const offers = gatePrices(previous, read);
    const now = clock.now();
    account.stock = applyStockSignal(account.stock, previous, offers, now);
    account.snapshot = { offers, readAt: now };
    noteHealthy();
    deps.onChange(account, "offers");
  }

  function providerName(): string {
    return account.provider.info().provider;
  }

  return {
    poke: () => poke.now(),
    async run(signal) {
      while (!signal.aborted) {
        const now = clock.now();
        const listMs = deps.isBusy(account) ? intervals.busyListMs : intervals.idleListMs;
        const buys = account.entry !== undefined && account.entry.enabled !== false;
        if (!account.verified) await attempt("verifyCredentials", () => verify(signal));
        if (now - listedAt >= listMs) await attempt("listInstances", () => list(signal));
        if (buys && now - refreshedAt >= intervals.offersMs) {
          await attempt("listOffers", () => refreshOffers(signal));
        }
        const nextMs = Math.min(
          listedAt + listMs,
          buys ? refreshedAt + intervals.offersMs : Infinity,
        ) - clock.now();
        if (!signal.aborted) await poke.wait(clock, Math.max(1_000, nextMs), signal);
      }
    },
  };
}

/** What a failed poll means for the account. Never carries a credential: `ProviderError` does not. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProviderError && error.kind === "unauthorized") {
    return { reason: reasons.credentialsRejected, message: error.message };
  }
  if (error instanceof ProviderError && error.kind === "billing") {
    return { reason: reasons.accountBlocked, message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { reason: reasons.providerUnreachable, message };
}
