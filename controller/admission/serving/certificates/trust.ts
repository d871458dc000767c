/**
 * Whom clients trust, and since when.
 *
 * @module
 */

import type { Certificate } from "./certificate.ts";

/** Whom clients trust. Authorities are named by their fingerprints. */
export interface Trust {
  /** Whether an authority is in the published bundle as it was last read. */
  readonly isPublished: (authority: string) => boolean;
  /** Whether it has been there for long enough that every API server knows. */
  readonly isSettled: (authority: string) => boolean;
}

/** Where nobody calls, nobody can be surprised by a certificate. */
export const withoutClients: Trust = Object.freeze({
  isPublished: () => true,
  isSettled: () => true,
});

/** Remembers since when which authority has been published. */
export class TrustWatch {
  readonly #settleMs: number;
  #since: ReadonlyMap<string, number> = new Map();

  /** @param settleMs How long after a change every API server has seen it, in milliseconds. */
  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  /**
   * Takes note of what is published now.
   *
   * @param now Epoch milliseconds.
   */
  observe(published: readonly Certificate[], now: number): Trust {
    const since = new Map(
      published.map(({ fingerprint }) => [fingerprint, this.#since.get(fingerprint) ?? now]),
    );
    this.#since = since;
    return {
      isPublished: (authority) => since.has(authority),
      isSettled: (authority) => now - (since.get(authority) ?? now) >= this.#settleMs,
    };
  }
}
