/**
 * One leader among several processes, by a Lease.
 *
 * ```
 *   retry ──► lease free? ──► write it ──► lead ──► renew, renew, … ──► lead ends ──► release
 *     ▲           no              409        ▲                  │
 *     └───────────┴────────────────┘         └── not renewed within the deadline: lead's signal aborts
 * ```
 *
 * **Guarantees.** {@linkcode LeaderElector.holdsLease} is true for one process at a time, provided that
 * clocks run at about the same speed: we stop believing `renewDeadlineMs` after the last successful
 * renewal was *sent*, and others wait `leaseDurationMs` after they *saw* it. The lease is renewed until
 * `lead` has ended, also during a shutdown, and released only then.
 *
 * **Caveats.** A signal does not stop work at once: before anything that must not happen twice, ask
 * `holdsLease()`. Identities must be unique per process, not per machine.
 *
 * @module
 */

import { forwardAbort } from "../runtime/forward_abort.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Random } from "../runtime/random.ts";
import { withDeadline } from "./deadline.ts";
import { KubeTimeoutError, toMessage } from "./errors.ts";
import { isAlreadyExists, isConflict } from "./kube.ts";
import { LeaseHolder, type LeaseHolderDeps } from "./lease_holder.ts";

/** What {@linkcode createLeaderElector} needs. */
export interface LeaderElectorDeps extends LeaseHolderDeps {
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Which lease, as whom, and how fast. */
export interface LeaderElectorOptions {
  readonly namespace: string;
  readonly name: string;
  /** Unique per process: host name and a random part. */
  readonly identity: string;
  /** How long others leave an unrenewed lease alone, in milliseconds. */
  readonly leaseDurationMs?: number | undefined;
  /** How long we believe in a lease after its last renewal, in milliseconds; less than the duration. */
  readonly renewDeadlineMs?: number | undefined;
  /** Milliseconds between attempts. */
  readonly retryPeriodMs?: number | undefined;
}

/** The defaults of Kubernetes' own components (client-go's leaderelection, read 2026-11). */
export const leaderElectorDefaults = Object.freeze({
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2_000,
});

/** The lease is no longer ours; the reason of the signal that `lead` gets. */
export class LeaseLostError extends Error {
  override name = "LeaseLostError";
}

/** What to do as the leader. */
export interface Leader {
  /**
   * Leads until `signal` aborts, by a shutdown or by the loss of the lease; may then be called again.
   * When it resolves by itself, or rejects, the lease is released and `run` does the same.
   */
  lead(signal: AbortSignal): Promise<void>;
}

/** See the module. */
export interface LeaderElector {
  /** Stands for election, leads, and stands again after a loss, until `signal` aborts. Call once. */
  run(leader: Leader, signal: AbortSignal): Promise<void>;
  /** Whether we are surely still the leader. */
  holdsLease(): boolean;
}

/** Everything an elector is made of. */
interface Election {
  readonly deps: LeaderElectorDeps;
  readonly lease: LeaseHolder;
  readonly log: Log;
  readonly retryPeriodMs: number;
  readonly renewDeadlineMs: number;
}

/**
 * Creates an elector; it does nothing until it runs.
 *
 * @throws {RangeError} Unless retry period < renew deadline < lease duration.
 */
export function createLeaderElector(
  deps: LeaderElectorDeps,
  options: LeaderElectorOptions,
): LeaderElector {
  const { namespace, name, identity } = options;
  const leaseDurationMs = options.leaseDurationMs ?? leaderElectorDefaults.leaseDurationMs;
  const renewDeadlineMs = options.renewDeadlineMs ?? leaderElectorDefaults.renewDeadlineMs;
  const retryPeriodMs = options.retryPeriodMs ?? leaderElectorDefaults.retryPeriodMs;
  if (!(retryPeriodMs < renewDeadlineMs && renewDeadlineMs < leaseDurationMs)) {
    throw new RangeError("Leader election needs retry period < renew deadline < lease duration");
  }
  const ref = { namespace, name };
  const election: Election = {
    deps,
    lease: new LeaseHolder(deps, { ref, identity, leaseDurationMs, renewDeadlineMs }),
    log: deps.log.with({ lease: `${namespace}/${name}`, identity }),
    retryPeriodMs,
    renewDeadlineMs,
  };
  return {
    async run(leader, signal) {
      while (await acquire(election, signal)) {
        if (await serve(election, leader, signal) === "over") return;
      }
    },
    holdsLease: () => election.lease.remainingMs > 0,
  };
}

/** Resolves with true when the lease is ours, with false when `signal` aborts. */
async function acquire(election: Election, signal: AbortSignal): Promise<boolean> {
  const { deps, retryPeriodMs, renewDeadlineMs } = election;
  while (!signal.aborted) {
    if (await attempt(election, renewDeadlineMs, signal)) return true;
    // As in client-go: spread out, or all candidates ask at the same moment for ever.
    const pauseMs = retryPeriodMs * (1 + 1.2 * deps.random.next());
    await deps.clock.sleep(pauseMs, signal).catch(() => {});
  }
  return false;
}

/** Leads until the lease is lost, or until it is over and the lease released. */
async function serve(
  election: Election,
  leader: Leader,
  signal: AbortSignal,
): Promise<"lost" | "over"> {
  const { deps, lease, log } = election;
  log.info("Leading");
  deps.metrics.gauge("tgp_leader", 1);
  const stop = new AbortController();
  const ended = new AbortController();
  const unlink = forwardAbort(signal, stop);
  let failure: { readonly error: unknown } | undefined;
  const lead = async () => await leader.lead(stop.signal);
  const leading = lead()
    .catch((error) => void (failure = { error }))
    .finally(() => ended.abort());

  const lost = await renewUntil(election, ended.signal) === "lost";
  if (lost) {
    lease.forget();
    log.error("Lost the lease");
    stop.abort(
      new LeaseLostError("The lease was lost to another process, or could not be renewed"),
    );
  }
  await leading;
  unlink();
  deps.metrics.gauge("tgp_leader", 0);
  if (lost) return "lost";

  await release(election);
  if (failure && !stop.signal.aborted) throw failure.error;
  return "over";
}

/** Renews the lease until `ended`. */
async function renewUntil(election: Election, ended: AbortSignal): Promise<"ended" | "lost"> {
  const { deps, lease, retryPeriodMs } = election;
  while (!ended.aborted) {
    await deps.clock.sleep(Math.min(retryPeriodMs, lease.remainingMs), ended).catch(() => {});
    if (ended.aborted) break;
    if (lease.remainingMs <= 0) return "lost";
    if (await attempt(election, lease.remainingMs, ended) === false) return "lost";
  }
  return "ended";
}

/** True: the lease is ours; false: it is somebody else's; `undefined`: who knows. */
async function attempt(
  election: Election,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const { deps, lease, log } = election;
  const toError = () => new KubeTimeoutError("The lease was not written in time");
  try {
    const deadline = { timeoutMs, toError };
    return await withDeadline(deps.clock, deadline, signal, (limit) => lease.hold(limit));
  } catch (error) {
    const raced = isConflict(error) || isAlreadyExists(error);
    if (!raced && !signal.aborted) {
      log.warn("Cannot write the lease", { error: toMessage(error) });
    }
    return undefined;
  }
}

async function release({ deps, lease, log, retryPeriodMs: timeoutMs }: Election): Promise<void> {
  const toError = () => new KubeTimeoutError("The lease was not released in time");
  try {
    const deadline = { timeoutMs, toError };
    await withDeadline(deps.clock, deadline, undefined, (limit) => lease.release(limit));
    log.info("Released the lease");
  } catch (error) {
    // It will run out by itself.
    log.warn("Cannot release the lease", { error: toMessage(error) });
  }
}
