/**
 * Places in an account's launch queue.
 *
 * @module
 */

/** A place in one queue, as far as the ticket needs it. */
export interface Place {
  /** Counts it as used. @returns From when it may be used, in epoch milliseconds. */
  use(): number;
  giveBack(): void;
}

/** A place in both queues, for one launch. */
export class LaunchTicket {
  readonly #places: readonly Place[];
  #state: "held" | "used" | "released" = "held";

  constructor(...places: readonly Place[]) {
    this.#places = places;
  }

  /** Whether it can still be used. */
  get held(): boolean {
    return this.#state === "held";
  }

  /**
   * Counts the place as used.
   *
   * @returns From when the launch may be sent, in epoch milliseconds: now, unless others went first while
   * the place was held.
   * @throws {TypeError} If it was used or released before.
   */
  use(): number {
    if (!this.held) throw new TypeError(`Launch ticket was ${this.#state} before`);
    this.#state = "used";
    return Math.max(...this.#places.map((place) => place.use()));
  }

  /** Gives the place back, unless it was used. */
  release(): void {
    if (!this.held) return;
    this.#state = "released";
    for (const place of this.#places) place.giveBack();
  }
}
