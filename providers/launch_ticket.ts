/**
 * Places in an account's launch queue.
 *
 * @module
 */

/** What a place was taken from, as far as the ticket needs it. */
export interface TokenSource {
  giveBack(): void;
  noteUse(): void;
}

/** A place in both queues, for one launch. */
export class LaunchTicket {
  readonly #buckets: readonly TokenSource[];
  #state: "held" | "used" | "released" = "held";

  constructor(...buckets: readonly TokenSource[]) {
    this.#buckets = buckets;
  }

  /** Whether it can still be used. */
  get held(): boolean {
    return this.#state === "held";
  }

  /** Counts the place as used now. @throws {TypeError} If it was used or released before. */
  use(): void {
    if (!this.held) throw new TypeError(`Launch ticket was ${this.#state} before`);
    this.#state = "used";
    for (const bucket of this.#buckets) bucket.noteUse();
  }

  /** Gives the place back, unless it was used. */
  release(): void {
    if (!this.held) return;
    this.#state = "released";
    for (const bucket of this.#buckets) bucket.giveBack();
  }
}
