/**
 * A rate limit with priorities, on the injected clock.
 *
 * @module
 */

import type { Clock } from "./clock.ts";

/** The shape of a {@linkcode TokenBucket}. */
export interface TokenBucketOptions<Priority extends string> {
  readonly clock: Clock;
  /** Milliseconds until one token grows. */
  readonly intervalMs: number;
  /** Tokens that may be saved up. @default {1} */
  readonly burst?: number | undefined;
  /** From first served to last served; within one, first come first served. */
  readonly priorities: readonly Priority[];
  /** Told whenever the number of waiters changes. */
  readonly onQueueLength?: ((length: number) => void) | undefined;
}

interface Waiter {
  readonly grant: () => void;
}

/**
 * Hands out tokens at a steady rate, most urgent waiter first.
 *
 * Kept as one number, the time at which the bucket will be full (the generic cell rate algorithm), so
 * that nothing has to tick: a timer runs only while somebody waits.
 */
export class TokenBucket<Priority extends string> {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #toleranceMs: number;
  readonly #queues: ReadonlyMap<Priority, Waiter[]>;
  readonly #onQueueLength: (length: number) => void;
  #fullAtMs = -Infinity;
  #pausedUntilMs = -Infinity;
  #wakeUp: AbortController | undefined;

  constructor(options: TokenBucketOptions<Priority>) {
    this.#clock = options.clock;
    this.#intervalMs = options.intervalMs;
    this.#toleranceMs = ((options.burst ?? 1) - 1) * options.intervalMs;
    this.#queues = new Map(options.priorities.map((priority) => [priority, []]));
    this.#onQueueLength = options.onQueueLength ?? (() => {});
  }

  /** How many waiters there are. */
  get queueLength(): number {
    let length = 0;
    for (const queue of this.#queues.values()) length += queue.length;
    return length;
  }

  /** When the next token can be had, in epoch milliseconds; may lie in the past. */
  get readyAtMs(): number {
    return Math.max(this.#pausedUntilMs, this.#fullAtMs - this.#toleranceMs);
  }

  /**
   * Waits for a token and takes it.
   *
   * @throws The signal's reason, as soon as `signal` aborts; no token is taken then.
   */
  take(priority: Priority, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const queue = this.#queueOf(priority);
      const onAbort = () => {
        queue.splice(queue.indexOf(waiter), 1);
        this.#onQueueLength(this.queueLength);
        this.#serve();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        grant: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      queue.push(waiter);
      this.#serve();
      if (queue.includes(waiter)) this.#onQueueLength(this.queueLength);
    });
  }

  /** Gives a token back that was taken but not used. */
  giveBack(): void {
    this.#fullAtMs -= this.#intervalMs;
    this.#serve();
  }

  /**
   * Counts a token that was taken earlier as used now: whoever is on the other side sees the request
   * now, so the next one must keep its distance from now.
   */
  noteUse(): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, this.#clock.now() + this.#intervalMs);
    this.#serve();
  }

  /** Gives nothing out before `epochMs`. A shorter pause does not end a longer one. */
  pauseUntil(epochMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, epochMs);
    this.#serve();
  }

  /** Grants what can be granted now and sets one timer for the rest. */
  #serve(): void {
    this.#wakeUp?.abort();
    this.#wakeUp = undefined;
    let now = this.#clock.now();
    let queue = this.#nextQueue();
    while (queue !== undefined && now >= this.readyAtMs) {
      this.#fullAtMs = Math.max(this.#fullAtMs, now) + this.#intervalMs;
      queue.shift()?.grant();
      this.#onQueueLength(this.queueLength);
      now = this.#clock.now();
      queue = this.#nextQueue();
    }
    if (queue === undefined) return;
    const wakeUp = new AbortController();
    this.#wakeUp = wakeUp;
    this.#clock.sleep(this.readyAtMs - now, wakeUp.signal).then(
      () => this.#wakeUp === wakeUp && this.#serve(),
      () => {},
    );
  }

  #nextQueue(): Waiter[] | undefined {
    for (const queue of this.#queues.values()) if (queue.length > 0) return queue;
    return undefined;
  }

  #queueOf(priority: Priority): Waiter[] {
    const queue = this.#queues.get(priority);
    if (queue === undefined) throw new RangeError(`Unknown priority "${priority}"`);
    return queue;
  }
}
