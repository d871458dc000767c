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
import { toMessage } from "./errors.ts";
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
import { KeyQueue } from "./key_queue.ts";
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

/** The same note, as often as it was recorded since it was last sent. */
interface Batch {
  readonly note: EventNote;
  readonly times: number;
  readonly lastMs: number;
}

/** Creates a recorder. Until it runs, notes queue up. */
export function createEventRecorder(deps: EventRecorderDeps, source: EventSource): EventRecorder {
  const { clock, kube, metrics } = deps;
  const budget = new EventBudget();
  const queue = new KeyQueue();
  const batches = new Map<string, Batch>();
  const sent = new LeastRecent<EventOccurrences>(maxRemembered);

  const record = (note: EventNote) => {
    const lastMs = clock.now();
    const key = toNoteKey(note);
    const batch = batches.get(key);
    if (!batch && (batches.size >= maxQueued || !budget.take(toObjectKey(note), lastMs))) {
      return metrics.count("tgp_kube_events_dropped_total");
    }
    batches.set(key, { note, times: (batch?.times ?? 0) + 1, lastMs });
    queue.add(key);
  };

  /** Adds to the Event that said the same lately, or creates one. */
  const write = async (key: string, batch: Batch, signal: AbortSignal) => {
    const { note, times, lastMs } = batch;
    const earlier = sent.get(key);
    if (earlier && lastMs - earlier.lastMs < aggregationMs) {
      const more = { ...earlier, count: earlier.count + times, lastMs };
      const ref = { name: more.name, namespace: toEventNamespace(note) };
      try {
        await kube.patch(events, ref, toEventPatch(more), { signal });
        return sent.set(key, more);
      } catch (error) {
        // Events live for an hour by default; an operator may have chosen less.
        if (!isNotFound(error)) throw error;
      }
    }
    const suffix = `${lastMs.toString(16)}${randomWord(deps.random, 4)}`;
    const fresh = { note, name: toEventName(note, suffix), count: times, firstMs: lastMs, lastMs };
    await kube.create(events, toEvent(fresh, source), { signal });
    sent.set(key, fresh);
  };
  const send = async (key: string, signal: AbortSignal) => {
    const batch = batches.get(key);
    batches.delete(key);
    for (let attempt = 1; batch !== undefined; attempt++) {
      try {
        return await write(key, batch, signal);
      } catch (error) {
        if (attempt === maxAttempts || signal.aborted || !isPassing(error)) {
          metrics.count("tgp_kube_events_dropped_total");
          const { reason, object: { kind, name } } = batch.note;
          return deps.log.warn("Cannot write an event", {
            error: toMessage(error),
            reason,
            kind,
            name,
          });
        }
        const delayMs = computeBackoffMs(backoff, attempt, deps.random);
        await clock.sleep(delayMs, signal).catch(() => {});
      }
    }
  };

  return {
    record,
    async run(signal) {
      const writing = new AbortController();
      const done = new AbortController();
      const onAbort = () => clock.sleep(flushMs, done.signal).then(() => writing.abort(), () => {});
      if (signal.aborted) onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      while (!writing.signal.aborted && (!signal.aborted || queue.length > 0)) {
        const key = await queue.take(queue.length > 0 ? writing.signal : signal)
          .catch(() => undefined);
        if (key === undefined) continue;
        await send(key, writing.signal);
        queue.done(key);
      }
      signal.removeEventListener("abort", onAbort);
      done.abort();
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
