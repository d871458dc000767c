/**
 * Which key to work on next, by the rules of client-go's work queue (`util/workqueue/queue.go`).
 *
 * @module
 */

import { Fifo } from "./fifo.ts";

/**
 * A queue of distinct keys. A key in the queue is not queued again; a key that somebody works on is
 * queued again only when that work is done, so that nobody works on it at the same time.
 */
export class KeyQueue {
  readonly #order = new Fifo<string>();
  /** Keys that need work: those in the queue, and those in work that changed meanwhile. */
  readonly #dirty = new Set<string>();
  readonly #inWork = new Set<string>();
  readonly #waiters: ((key: string) => void)[] = [];

  /** How many keys wait for a worker. */
  get length(): number {
    return this.#order.length;
  }

  add(key: string): void {
    if (this.#dirty.has(key)) return;
    this.#dirty.add(key);
    if (!this.#inWork.has(key)) this.#offer(key);
  }

  /**
   * Waits for a key and takes it into work; {@linkcode done} must follow.
   *
   * @throws The signal's reason.
   */
  take(signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const key = this.#order.shift();
      if (key !== undefined) return resolve(this.#start(key));
      const waiter = (key: string) => {
        signal.removeEventListener("abort", onAbort);
        resolve(this.#start(key));
      };
      const onAbort = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal.reason);
      };
      this.#waiters.push(waiter);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Ends the work on a key; it is queued again if it was added meanwhile. */
  done(key: string): void {
    this.#inWork.delete(key);
    if (this.#dirty.has(key)) this.#offer(key);
  }

  #start(key: string): string {
    this.#dirty.delete(key);
    this.#inWork.add(key);
    return key;
  }

  #offer(key: string): void {
    const waiter = this.#waiters.shift();
    if (waiter) waiter(key);
    else this.#order.push(key);
  }
}
