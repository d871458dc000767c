/**
 * A clock that tests turn by hand.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock } from "../../runtime/clock.ts";

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/**
 * How many turns of the event loop count as "everything that could run has run". Real timers need a
 * millisecond and are not waited for: code under test sleeps on its clock.
 */
const settleTurns = 8;

/** More wake-ups than this in one `advance` is a loop that never waits for time to pass. */
const maxWakes = 100_000;

/** Virtual time: stands still until `advance`; sleepers wake in order of their due time. */
export class FakeClock implements Clock {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();

  /** @param startMs Epoch milliseconds. @default {2026-01-01T00:00:00Z} */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        dueMs: this.#nowMs + Math.max(0, delayMs),
        wake: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** How many sleeps are waiting: zero at the end of a test means that nothing leaked. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** When the next sleeper is due, in epoch milliseconds; `undefined` when nobody sleeps. */
  get nextDueMs(): number | undefined {
    return this.#next()?.dueMs;
  }

  /**
   * Moves time forward by `ms`, waking every sleeper on the way at its own due time and letting all
   * micro- and macrotasks run after each. Work that waits for real I/O is not waited for.
   *
   * @throws {Error} If sleepers keep sleeping for zero milliseconds without end.
   */
  async advance(ms: number): Promise<void> {
    const targetMs = this.#nowMs + ms;
    await this.settle();
    for (let wakes = 0;; wakes++) {
      const next = this.#next();
      if (next === undefined || next.dueMs > targetMs) break;
      if (wakes === maxWakes) throw new Error(`FakeClock woke ${maxWakes} sleepers in one advance`);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#sleepers.delete(next);
      next.wake();
      await this.settle();
    }
    this.#nowMs = Math.max(this.#nowMs, targetMs);
  }

  /** Lets everything run that needs no time to pass. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < settleTurns; turn++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** The earliest sleeper; among equals the one that went to sleep first. */
  #next(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (first === undefined || sleeper.dueMs < first.dueMs) first = sleeper;
    }
    return first;
  }
}
