/**
 * Tells listeners on time when simulated machines start and stop to run. What every simulated cloud
 * shares.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";

/** Without anything to come, a day: whatever changes the future calls {@linkcode PowerWatch.wake}. */
const idleMs = 24 * 3_600_000;

/** Whose machines are watched. @typeParam View What listeners get. */
export interface PowerSource<View> {
  /** Brings the cloud up to date with time, {@linkcode PowerWatch.announce} included. */
  settle(): void;
  /** Ids of the machines that run now. */
  running(): Iterable<string>;
  /** A machine as it is now. */
  view(id: string): View;
  /** Moments, in epoch milliseconds, at which machines change by themselves; past ones do no harm. */
  moments(): Iterable<number>;
}

/** Watches the machines of one cloud. */
export class PowerWatch<View> {
  readonly #clock: Clock;
  readonly #source: PowerSource<View>;
  readonly #onStart = new Set<(machine: View) => void>();
  readonly #onStop = new Set<(machine: View) => void>();
  #announced: ReadonlySet<string> = new Set();
  #wakeUp: AbortController | undefined;

  constructor(clock: Clock, source: PowerSource<View>) {
    this.#clock = clock;
    this.#source = source;
  }

  /** Calls back when a machine starts to run. @returns A function that ends it. */
  onStart(listener: (machine: View) => void): () => void {
    this.#onStart.add(listener);
    return () => this.#onStart.delete(listener);
  }

  /** Calls back when a machine that ran stops. @returns A function that ends it. */
  onStop(listener: (machine: View) => void): () => void {
    this.#onStop.add(listener);
    return () => this.#onStop.delete(listener);
  }

  /** Calls back when a machine starts or stops. @returns A function that ends it. */
  onChange(listener: () => void): () => void {
    const endings = [this.onStart(listener), this.onStop(listener)];
    return () => endings.forEach((end) => end());
  }

  /** Tells of what changed since the last time. */
  announce(): void {
    const before = this.#announced;
    const now = new Set(this.#source.running());
    // First, so that a listener that looks around does not set off the same news again.
    this.#announced = now;
    this.#tell(before.difference(now), this.#onStop);
    this.#tell(now.difference(before), this.#onStart);
  }

  /** Makes {@linkcode run} look at the moments again: something new is to come. */
  wake(): void {
    this.#wakeUp?.abort();
  }

  /** Settles the cloud at the right moments until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#source.settle();
      const wakeUp = new AbortController();
      this.#wakeUp = wakeUp;
      const now = this.#clock.now();
      let delayMs = idleMs;
      for (const moment of this.#source.moments()) {
        if (moment > now) delayMs = Math.min(delayMs, moment - now);
      }
      await this.#clock.sleep(delayMs, AbortSignal.any([signal, wakeUp.signal])).catch(() => {});
    }
  }

  #tell(ids: Iterable<string>, listeners: Iterable<(machine: View) => void>): void {
    for (const id of ids) {
      const machine = this.#source.view(id);
      for (const listener of listeners) listener(machine);
    }
  }
}
