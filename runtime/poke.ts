/**
 * A wait that somebody else can cut short.
 *
 * @module
 */

import type { Clock } from "./clock.ts";
import { forwardAbort } from "./forward_abort.ts";

/** See the module. */
export interface Poke {
  /** Ends the current wait, or the next one at once. */
  now(): void;
  /** Waits until poked, until `delayMs` have passed, or until the signal aborts; never throws. */
  wait(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void>;
}

/** Creates a {@linkcode Poke}. */
export function createPoke(): Poke {
  let poked = false;
  let end: (() => void) | undefined;
  return {
    now() {
      poked = true;
      end?.();
    },
    async wait(clock, delayMs, signal) {
      if (!poked && !signal.aborted) {
        const cut = new AbortController();
        end = () => cut.abort();
        // Not AbortSignal.any: the long-lived signal would keep each one for ever.
        const unlink = forwardAbort(signal, cut);
        await clock.sleep(delayMs, cut.signal).catch(() => {});
        unlink();
        end = undefined;
      }
      poked = false;
    },
  };
}
