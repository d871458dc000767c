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

/** A token that was taken. */
export interface Token {
  /**
   * Counts it as used, by somebody who has held it for a while: the other side sees the request when it
   * is sent, so it must keep its distance from those of others, and theirs from it.
   *
   * @returns From when it may be used, in epoch milliseconds: the time of the call, unless the bucket is
   * paused or others were served since it was taken.
   */
  use(): number;
  /** Gives it back unused. Once others were served after it, there is nothing left to give back. */
  giveBack(): void;
}

interface Waiter {
  readonly grant: (token: Token) => void;
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
  /** Tells whether somebody was served after a token. */
  #lastToken: Token | undefined;
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
  take(priority: Priority, signal: AbortSignal): Promise<Token> {
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
        grant: (token) => {
          signal.removeEventListener("abort", onAbort);
          resolve(token);
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      queue.push(waiter);
      this.#serve();
      if (queue.includes(waiter)) this.#onQueueLength(this.queueLength);
    });
  }

  /**
   * Gives nothing out before `epochMs`, and then one token at a time: whoever asks for a pause has had
   * enough, so that what was saved up is gone. A shorter pause does not end a longer one.
   */
  pauseUntil(epochMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, epochMs);
    this.#fullAtMs = Math.max(this.#fullAtMs, epochMs + this.#toleranceMs);
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
      queue.shift()?.grant(this.#createToken());
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

  #createToken(): Token {
    const token: Token = {
      use: () => this.#use(token),
      giveBack: () => {
        if (token !== this.#lastToken) return;
        this.#lastToken = undefined;
        this.#fullAtMs -= this.#intervalMs;
        this.#serve();
      },
    };
    this.#lastToken = token;
    return token;
  }

  #use(token: Token): number {
    const now = this.#clock.now();
    const isNext = token === this.#lastToken;
    // Overtaken, it takes the next place there is, ahead of everybody who waits.
    const usableMs = Math.max(now, isNext ? this.#pausedUntilMs : this.readyAtMs);
    const grownMs = isNext ? this.#fullAtMs - this.#intervalMs : this.#fullAtMs;
    this.#fullAtMs = Math.max(grownMs, usableMs) + this.#intervalMs;
    this.#lastToken = undefined;
    this.#serve();
    return usableMs;
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
