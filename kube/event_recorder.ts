/**
 * Writing Events: aggregated, limited, in the background.
 *
 * Notes that say the same about the same object within ten minutes become one Event with a count, those
 * that wait to be sent included. Each object has a budget; the queue is bounded; what does not fit is
 * counted and dropped.
 *
 * @module
 */

import { computeBackoffMs } from "../runtime/backoff.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { type Random, randomWord } from "../runtime/random.ts";
import { withDeadline } from "./deadline.ts";
import { KubeTimeoutError, toMessage } from "./errors.ts";
import { EventBudget } from "./event_budget.ts";
import {
  type EventNote,
  type EventOccurrences,
  type EventSource,
  type Recorder,
  toEvent,
  toEventName,
  toEventNamespace,
  toEventPatch,
} from "./events.ts";
import { isNotFound, type Kube, KubeError } from "./kube.ts";
import { LeastRecent } from "./least_recent.ts";
import { events } from "./resource.ts";

/** What {@linkcode createEventRecorder} needs. */
export interface EventRecorderDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A recorder that must run to get anything done. */
export interface EventRecorder extends Recorder {
  /** Sends until `signal` aborts, then what is still queued, for two seconds at most. */
  run(signal: AbortSignal): Promise<void>;
}

/** Notes further apart than this, in milliseconds, are separate Events, as in client-go. */
const aggregationMs = 600_000;
/** Different notes that may wait; far more than any controller records between two sends. */
const maxQueued = 1_000;
/** Events remembered for aggregation, as in client-go. */
const maxRemembered = 4_096;
const flushMs = 2_000;
const maxAttempts = 3;
const backoff = { initialMs: 500, maxMs: 5_000 };

/** Creates a recorder. Until it runs, notes queue up. */
export function createEventRecorder(
  deps: EventRecorderDeps,
  source: EventSource,
): EventRecorder {
  const { clock, kube, metrics } = deps;
  const budget = new EventBudget();
  /** Notes to send, by what they say, in order; with how often they were recorded meanwhile. */
  const queue = new Map<string, { readonly note: EventNote; times: number; lastMs: number }>();
  const sent = new LeastRecent<EventOccurrences>(maxRemembered);
  let wake = () => {};

  const record = (note: EventNote) => {
    const nowMs = clock.now();
    const key = toNoteKey(note);
    const waiting = queue.get(key);
    if (waiting) {
      waiting.times++;
      waiting.lastMs = nowMs;
      return;
    }
    if (queue.size >= maxQueued || !budget.take(toObjectKey(note), nowMs)) {
      metrics.count("tgp_kube_events_dropped_total");
      return;
    }
    queue.set(key, { note, times: 1, lastMs: nowMs });
    wake();
  };

  /** Adds to the Event that said the same lately, or creates one. */
  const write = async (key: string, signal: AbortSignal) => {
    const waiting = queue.get(key);
    if (!waiting) return;
    const { note, times, lastMs } = waiting;
    const earlier = sent.get(key);
    if (earlier && lastMs - earlier.lastMs < aggregationMs) {
      const more = { ...earlier, count: earlier.count + times, lastMs };
      const ref = { name: more.name, namespace: toEventNamespace(note) };
      try {
        await kube.patch(events, ref, toEventPatch(more), { signal });
        sent.set(key, more);
        return waiting.times -= times;
      } catch (error) {
        // Events live for an hour by default; an operator may have chosen less.
        if (!isNotFound(error)) throw error;
      }
    }
    const suffix = `${lastMs.toString(16)}${randomWord(deps.random, 4)}`;
    const fresh = { note, name: toEventName(note, suffix), count: times, firstMs: lastMs, lastMs };
    await kube.create(events, toEvent(fresh, source), { signal });
    sent.set(key, fresh);
    return waiting.times -= times;
  };
  const send = async (key: string, signal: AbortSignal) => {
    for (let attempt = 1;; attempt++) {
      try {
        return await write(key, signal);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (attempt < maxAttempts && isPassing(error)) {
          await clock.sleep(computeBackoffMs(backoff, attempt, deps.random), signal);
          continue;
        }
        const { reason, object } = queue.get(key)?.note ?? {};
        deps.log.warn("Cannot write an event", {
          error: toMessage(error),
          reason,
          kind: object?.kind,
          name: object?.name,
        });
        metrics.count("tgp_kube_events_dropped_total");
        return 0;
      }
    }
  };
  const sendAll = async (signal: AbortSignal) => {
    for (const key of queue.keys()) {
      const left = await send(key, signal);
      // Recorded again while it was sent: once more, behind the others.
      const again = left ? queue.get(key) : undefined;
      queue.delete(key);
      if (again) queue.set(key, again);
    }
  };

  return {
    record,
    async run(signal) {
      while (!signal.aborted) {
        await sendAll(signal).catch(() => {});
        if (!signal.aborted && queue.size === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            signal.addEventListener("abort", () => resolve(), { once: true });
          });
        }
      }
      const toError = () => new KubeTimeoutError("The events were not written in time");
      await withDeadline(clock, { timeoutMs: flushMs, toError }, undefined, sendAll)
        .catch((error) => deps.log.warn("Dropping events", { error: toMessage(error) }));
    },
  };
}

function toNoteKey({ object, type, reason, message }: EventNote): string {
  return JSON.stringify([
    object.kind,
    object.namespace,
    object.name,
    object.uid,
    type,
    reason,
    message,
  ]);
}

function toObjectKey({ object: { kind, namespace, name } }: EventNote): string {
  return `${kind}/${namespace ?? ""}/${name}`;
}

/** Whether the same again may succeed: no answer, or one that blames the server. */
function isPassing(error: unknown): boolean {
  return !(error instanceof KubeError) || error.code >= 500 || error.code === 429;
}
