/**
 * Collects pending pods for one pass: waits until no new pod has come for a moment, but not for ever.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import { createPoke } from "../../runtime/poke.ts";

/** The batching window, in milliseconds. */
export interface BatchWindow {
  /** The window closes when no new pod has come for this long. */
  readonly idleMs: number;
  /** The window closes at the latest after this. */
  readonly maxMs: number;
}

/** Karpenter's window, which its users know: long enough for a Job's pods, short against a boot. */
export const defaultBatchWindow: BatchWindow = Object.freeze({ idleMs: 1_000, maxMs: 10_000 });

/** See the module. */
export interface Batcher {
  /** A pod wants a node. A pod that is in the window already does not extend it. */
  trigger(podUid: string): void;
  /** Waits for a window with at least one pod to open and close; returns early when aborted. */
  next(signal: AbortSignal): Promise<void>;
}

/** Creates a batcher. */
export function createBatcher(clock: Clock, window: BatchWindow = defaultBatchWindow): Batcher {
  const poke = createPoke();
  let known = new Set<string>();
  return {
    trigger(podUid) {
      if (known.has(podUid)) return;
      known.add(podUid);
      poke.now();
    },
    async next(signal) {
      while (known.size === 0 && !signal.aborted) await poke.wait(clock, window.maxMs, signal);
      const closesAt = clock.now() + window.maxMs;
      let quietAt = clock.now() + window.idleMs;
      while (!signal.aborted) {
        const size = known.size;
        const leftMs = Math.min(quietAt, closesAt) - clock.now();
        if (leftMs <= 0) break;
        await poke.wait(clock, leftMs, signal);
        if (known.size > size) quietAt = clock.now() + window.idleMs;
      }
      known = new Set();
    },
  };
}
