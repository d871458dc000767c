/**
 * Keeps one account's knowledge fresh: verifies the key, lists machines, refreshes offers.
 *
 * One list per account serves all its claims, so polling does not grow with the fleet. Each account
 * has its own loop, so a slow or dead vendor delays nobody else.
 *
 * **Guarantees**: a list is recorded only when it was complete; a failure never removes knowledge; only
 * a verification verifies, and each kind of call cures only its own problem.
 *
 * @module
 */

import { gatePrices } from "../../providers/catalog/gate_prices.ts";
import type { Offer } from "../../providers/contract.ts";
import { ProviderError } from "../../providers/errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { createPoke } from "../../runtime/poke.ts";
import { reasons } from "../../schemas/conditions.ts";
import { applyStockSignal } from "../stock_memory.ts";
import { type Account, type Problem, recordList } from "./account.ts";
import { createOfferScope } from "./offer_scope.ts";
import { isHeldBack, toProblem } from "./problem.ts";

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

/**
 * A cloud that has neither taken nor refused a key for so long is said not to answer. It is the time limit
 * of one call: with the repeats, people would wait three times as long for a word.
 */
const silenceMs = 30_000;

/** Collaborators of a poller. */
export interface AccountPollerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly intervals: PollIntervals;
  /** Whether any claim of the account is on its way in or out. */
  isBusy(account: Account): boolean;
  /** Offers of all other accounts as last read, suspect ones marked: what prices are usual. */
  otherOffers(account: Account): Iterable<Offer>;
  /** Called when knowledge changed: offers, machines, or what is wrong. */
  onChange(account: Account, what: "offers" | "machines" | "health"): void;
}

/** A running loop for one account. */
export interface AccountPoller {
  run(signal: AbortSignal): Promise<void>;
  /** Looks again whether something is due, now that the account may be busy. */
  poke(): void;
}

/** The worst to fail comes first. */
const operations = ["verifyCredentials", "listInstances", "listOffers"] as const;

type Operation = typeof operations[number];

/** Creates the loop for one account. */
export function createAccountPoller(deps: AccountPollerDeps, account: Account): AccountPoller {
  const { clock, log, metrics, intervals } = deps;
  const poke = createPoke();
  const triedAt: Record<Operation, number> = {
    verifyCredentials: -Infinity,
    listInstances: -Infinity,
    listOffers: -Infinity,
  };
  const problems = new Map<Operation, Problem>();
  const scope = createOfferScope(account.className);

  /** Does one thing if it is due; what another thing suffers from is not cured by it. */
  async function attempt(
    operation: Operation,
    intervalMs: number,
    work: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted || clock.now() < triedAt[operation] + intervalMs) return;
    triedAt[operation] = clock.now();
    let problem: Problem | undefined;
    const over = new AbortController();
    if (operation === "verifyCredentials") void noteSilence(over.signal);
    try {
      await work(signal);
    } catch (error) {
      if (signal.aborted) return;
      problem = isHeldBack(error) ? problems.get(operation) ?? toProblem(error) : toProblem(error);
      if (operation === "listOffers") noteOffersFailure(error, problem.message);
    } finally {
      over.abort();
    }
    const { provider } = account.provider.info();
    metrics.count("tgp_provider_polls_total", {
      provider,
      operation,
      result: problem?.reason ?? "ok",
    });
    note(operation, problem);
  }

  /** Nothing is known against the key, and nothing is bought before it is verified anyway. */
  async function noteSilence(over: AbortSignal): Promise<void> {
    await clock.sleep(silenceMs, over).catch(() => {});
    if (over.aborted || problems.has("verifyCredentials")) return;
    const message = `No answer for ${silenceMs / 1_000}s; the key is still being verified`;
    note("verifyCredentials", { reason: reasons.providerUnreachable, message });
  }

  function note(operation: Operation, problem: Problem | undefined): void {
    const before = account.problem;
    const wasVerified = account.verified;
    if (problem) problems.set(operation, problem);
    else problems.delete(operation);
    if (problem?.reason === reasons.credentialsRejected) account.verified = false;
    else if (operation === "verifyCredentials" && !problem) account.verified = true;
    const now = operations.flatMap((each) => problems.get(each) ?? [])[0];
    account.problem = now;
    const same = before?.reason === now?.reason && before?.message === now?.message;
    if (same && wasVerified === account.verified) return;
    if (now && !same) {
      log.warn("Provider account has a problem", {
        account: account.name,
        class: account.className,
        reason: now.reason,
        message: now.message,
      });
    }
    deps.onChange(account, "health");
  }

  async function verify(signal: AbortSignal): Promise<void> {
    const identity = await account.provider.verifyCredentials(signal);
    // Where the vendor does not tell now, it is still what it was: a client has one key for good.
    account.identity = identity.account ?? account.identity;
  }

  async function list(signal: AbortSignal): Promise<void> {
    const startedAt = clock.now();
    const instances = await account.provider.listInstances(signal);
    recordList(account, { startedAt, instances });
    deps.onChange(account, "machines");
  }

  async function refreshOffers(signal: AbortSignal): Promise<void> {
    const read = scope(await account.provider.listOffers({}, signal));
    const previous = account.snapshot?.offers ?? account.lastOffers;
    const offers = gatePrices(previous, read, deps.otherOffers(account));
    const now = clock.now();
    account.stock = applyStockSignal(account.stock, previous, offers, now);
    account.snapshot = { offers, readAt: now };
    account.offersFailure = undefined;
    deps.onChange(account, "offers");
  }

  function noteOffersFailure(error: unknown, message: string): void {
    const kind = error instanceof ProviderError ? error.kind : "unknown";
    account.offersFailure = { kind, message, at: clock.now() };
    deps.onChange(account, "offers");
  }

  return {
    poke: () => poke.now(),
    async run(signal) {
      while (!signal.aborted) {
        const listMs = deps.isBusy(account) ? intervals.busyListMs : intervals.idleListMs;
        const buys = account.entry !== undefined && account.entry.enabled !== false;
        if (!account.verified) {
          await attempt("verifyCredentials", intervals.idleListMs, verify, signal);
        }
        await attempt("listInstances", listMs, list, signal);
        if (buys) await attempt("listOffers", intervals.offersMs, refreshOffers, signal);
        const nextAt = Math.min(
          account.verified ? Infinity : triedAt.verifyCredentials + intervals.idleListMs,
          triedAt.listInstances + listMs,
          buys ? triedAt.listOffers + intervals.offersMs : Infinity,
        );
        if (!signal.aborted) {
          await poke.wait(clock, Math.max(1_000, nextAt - clock.now()), signal);
        }
      }
    },
  };
}
