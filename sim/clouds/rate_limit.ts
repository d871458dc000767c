/**
 * Counts requests, as vendors do.
 *
 * @module
 */

/** How often; the tolerance is how much too early a request may come. Milliseconds. */
export interface Rate {
  readonly intervalMs: number;
  readonly toleranceMs: number;
}

/** Counts the requests of one key (generic cell rate algorithm). */
export class RateLimit {
  readonly #rate: Rate;
  #nextMs = -Infinity;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whether a request may pass now. Refused ones do not count. */
  allow(nowMs: number): boolean {
    if (nowMs < this.#nextMs - this.#rate.toleranceMs) return false;
    this.#nextMs = Math.max(this.#nextMs, nowMs) + this.#rate.intervalMs;
    return true;
  }
}
