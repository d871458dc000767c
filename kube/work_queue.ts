/**
 * Running reconcilers: each key by one worker at a time, again after failures, at growing intervals.
 *
 * **Guarantees.** A key added while it is worked on is worked on again afterwards. A pass that fails is
 * repeated, its delay growing per key until a pass succeeds. Changes do not wait for such a delay.
 *
 * @module
 */

import { type BackoffOptions, computeBackoffMs } from "../runtime/backoff.ts";
import type { Clock } from "../runtime/clock.ts";
import { forwardAbort } from "../runtime/forward_abort.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Random } from "../runtime/random.ts";
import { DelayHeap } from "./delay_heap.ts";
import { toMessage } from "./errors.ts";
import { KeyQueue } from "./key_queue.ts";
import { isConflict } from "./kube.ts";
import { type Reconcile, TerminalError } from "./reconcile.ts";

/** What {@linkcode createWorkQueue} needs. */
export interface WorkQueueDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** How a queue behaves. */
export interface WorkQueueOptions {
  /** The controller's name, for logs and metrics. */
  readonly name: string;
  /** Delay after failures of one key. @default {workQueueDefaults.backoff} */
  readonly backoff?: BackoffOptions | undefined;
}

/** Defaults of a work queue. */
export const workQueueDefaults = Object.freeze({
  /**
   * The first retry comes at once for a person's eye (most failures are conflicts, gone by then); five
   * minutes at most, so that a fault that is mended is noticed within that time.
   */
  backoff: Object.freeze({ initialMs: 100, maxMs: 300_000 }),
});

/** Who works. */
export interface Workers {
  /** How many keys are worked on at once; 1 or more. */
  readonly workers: number;
  readonly reconcile: Reconcile;
}

/** See the module. */
export interface WorkQueue {
  /** Asks for a pass over `key` as soon as a worker is free. */
  add(key: string): void;
  /** Asks for a pass over `key` after a delay in milliseconds; the earliest one asked for holds. */
  addAfter(key: string, delayMs: number): void;
  /** How many keys wait for a worker, not counting those with a delay. */
  readonly length: number;
  /**
   * Works until `signal` aborts, then waits for the passes under way and resolves. The queue may be
   * filled before; what is left in it stays for the next run.
   */
  run(workers: Workers, signal: AbortSignal): Promise<void>;
}

/**
 * Longest single sleep, in milliseconds: timers of more than 2^31 ms fire at once, and a clock that is
 * set forward is noticed.
 */
const maxSleepMs = 3_600_000;

/** Creates an empty queue. */
export function createWorkQueue(deps: WorkQueueDeps, options: WorkQueueOptions): WorkQueue {
  const { clock } = deps;
  const log = deps.log.with({ controller: options.name });
  const labels = { controller: options.name };
  const queue = new KeyQueue();
  const delayed = new DelayHeap();
  const failures = new Map<string, number>();
  let wakeDelays = () => {};

  const add = (key: string) => {
    queue.add(key);
    deps.metrics.gauge("tgp_queue_depth", queue.length, labels);
  };
  const addAfter = (key: string, delayMs: number) => {
    if (delayMs <= 0) return add(key);
    const dueMs = clock.now() + delayMs;
    delayed.push(key, dueMs);
    if (delayed.nextDueMs === dueMs) wakeDelays();
  };
  const retry = (key: string, error: unknown) => {
    const count = (failures.get(key) ?? 0) + 1;
    failures.set(key, count);
    const delayMs = computeBackoffMs(
      options.backoff ?? workQueueDefaults.backoff,
      count,
      deps.random,
    );
    const fields = { key, error: toMessage(error), failures: count, delayMs };
    // A conflict means that somebody else wrote first, and is how optimistic locking works.
    if (isConflict(error)) log.debug("Reconcile met a conflict", fields);
    else log.error("Reconcile failed", fields);
    addAfter(key, delayMs);
  };

  /** One pass; returns its result for the metrics. */
  const pass = async (reconcile: Reconcile, key: string, signal: AbortSignal) => {
    try {
      const outcome = await reconcile(key, signal);
      failures.delete(key);
      if (outcome.kind === "awaitChange") return "awaitChange";
      log.debug("Reconcile goes on later", {
        key,
        reason: outcome.reason,
        delayMs: outcome.delayMs,
      });
      addAfter(key, outcome.delayMs);
      return "requeueAfter";
    } catch (error) {
      if (signal.aborted) {
        // Stopped, not failed: whoever runs the queue next starts with it.
        queue.add(key);
        return "stopped";
      }
      if (!(error instanceof TerminalError)) {
        retry(key, error);
        return isConflict(error) ? "conflict" : "error";
      }
      failures.delete(key);
      log.error("Reconcile failed until something changes", { key, error: error.message });
      return "terminal";
    }
  };
  const work = async (reconcile: Reconcile, signal: AbortSignal) => {
    while (!signal.aborted) {
      const key = await queue.take(signal).catch(() => undefined);
      if (key === undefined) return;
      const startedMs = clock.now();
      const result = await pass(reconcile, key, signal);
      queue.done(key);
      deps.metrics.observe("tgp_reconcile_seconds", (clock.now() - startedMs) / 1_000, labels);
      deps.metrics.count("tgp_reconcile_total", { ...labels, result });
      deps.metrics.gauge("tgp_queue_depth", queue.length, labels);
    }
  };
  const releaseDelayed = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      for (let key = delayed.popDue(clock.now()); key; key = delayed.popDue(clock.now())) add(key);
      const woken = new AbortController();
      const unlink = forwardAbort(signal, woken);
      wakeDelays = () => woken.abort();
      const sleepMs = Math.min((delayed.nextDueMs ?? Infinity) - clock.now(), maxSleepMs);
      await clock.sleep(sleepMs, woken.signal).catch(() => {});
      unlink();
    }
  };

  return {
    add,
    addAfter,
    get length() {
      return queue.length;
    },
    async run({ workers, reconcile }, signal) {
      await Promise.all([
        releaseDelayed(signal),
        ...Array.from({ length: workers }, () => work(reconcile, signal)),
      ]);
    },
  };
}
