/**
 * Publishes records of one kind in ConfigMaps, as their one writer: a record is written when it says
 * something new, and at most every 15 s, however often it changes in between.
 *
 * **Guarantees**: the last value given is the one that stays; a write that failed is tried again; a record
 * that is withdrawn is not written again by what was given before.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import { createPoke } from "../runtime/poke.ts";

/** How often one record may be written, in milliseconds. */
const minIntervalMs = 15_000;
/** While nothing waits. Timers of more than 2^31 ms fire at once. */
const idleMs = 3_600_000;

/** How records of a kind are kept. */
export interface RecordKind<T> {
  /** For logs, such as `offers`. */
  readonly what: string;
  /** A word that two values share exactly when they say the same. */
  fingerprint(value: T): string;
  save(value: T, signal: AbortSignal): Promise<void>;
  /** Removes what is stored under a key, if anything is. */
  remove(key: string, signal: AbortSignal): Promise<void>;
  /** After how many milliseconds a value is written again that says nothing new. @default {never} */
  readonly refreshMs?: number | undefined;
}

/** See the module. */
export interface RecordPublisher<T> {
  publish(key: string, value: T): void;
  /** What is stored under a key already says the same as `value`. */
  noteStored(key: string, value: T): void;
  /** The record is to go. */
  withdraw(key: string): void;
  /** Writes until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Creates a publisher. */
export function createRecordPublisher<T>(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  kind: RecordKind<T>,
): RecordPublisher<T> {
  /** What is to be stored: a value, or nothing. */
  const waiting = new Map<string, { readonly value: T } | undefined>();
  const written = new Map<string, { readonly fingerprint: string; readonly at: number }>();
  const failedAt = new Map<string, number>();
  const poke = createPoke();

  function isNews(key: string, fingerprint: string): boolean {
    const last = written.get(key);
    if (last?.fingerprint !== fingerprint) return true;
    return clock.now() - last.at >= (kind.refreshMs ?? Infinity);
  }

  async function store(
    key: string,
    given: { readonly value: T } | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (!given) {
      await kind.remove(key, signal);
      written.delete(key);
      return;
    }
    const fingerprint = kind.fingerprint(given.value);
    if (!isNews(key, fingerprint)) return;
    await kind.save(given.value, signal);
    written.set(key, { fingerprint, at: clock.now() });
  }

  /** @returns How long until the next record may be written; `undefined` when none waits. */
  async function writeDue(signal: AbortSignal): Promise<number | undefined> {
    let nextMs: number | undefined;
    for (const [key, given] of [...waiting]) {
      const lastAt = Math.max(
        given ? written.get(key)?.at ?? -Infinity : -Infinity,
        failedAt.get(key) ?? -Infinity,
      );
      const waitMs = lastAt + minIntervalMs - clock.now();
      if (waitMs > 0) {
        nextMs = Math.min(nextMs ?? waitMs, waitMs);
        continue;
      }
      waiting.delete(key);
      failedAt.delete(key);
      try {
        await store(key, given, signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        log.warn("Cannot publish", { what: kind.what, key, error: String(error) });
        // What was given meanwhile is newer, and has its turn at once.
        if (waiting.has(key)) continue;
        waiting.set(key, given);
        failedAt.set(key, clock.now());
        nextMs = Math.min(nextMs ?? minIntervalMs, minIntervalMs);
      }
    }
    return nextMs;
  }

  const give = (key: string, given: { readonly value: T } | undefined) => {
    waiting.set(key, given);
    failedAt.delete(key);
    poke.now();
  };

  return {
    publish: (key, value) => give(key, { value }),
    noteStored: (key, value) =>
      void written.set(key, {
        fingerprint: kind.fingerprint(value),
        at: clock.now() - minIntervalMs,
      }),
    withdraw: (key) => give(key, undefined),
    async run(signal) {
      while (!signal.aborted) {
        const nextMs = await writeDue(signal);
        await poke.wait(clock, nextMs ?? idleMs, signal);
      }
    },
  };
}
