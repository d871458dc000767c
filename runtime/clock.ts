/**
 * Time as a collaborator: every wait and every timestamp in product code goes through a {@linkcode Clock}.
 *
 * @module
 */

/** Where time comes from. */
export interface Clock {
  /** The current time in milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Waits for `delayMs` milliseconds of this clock.
   *
   * @param delayMs Zero or more; zero still yields to other tasks.
   * @throws The signal's reason, as soon as `signal` aborts.
   */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (delayMs, signal) => sleepReal(delayMs, signal),
};

/** Simulated time that separate processes share by agreeing on the same two numbers. */
export interface TimeScale {
  /** How many times faster than real time; 1 to 60. */
  readonly rate: number;
  /**
   * The moment, in epoch milliseconds, at which simulated and real time meet. Until then simulated
   * time lies behind real time, so that no timestamp is ever in the future: choose it hours ahead.
   */
  readonly meetMs: number;
}

/** A clock that runs `rate` times faster than `real` and meets it at `meetMs`. */
export function createScaledClock(scale: TimeScale, real: Clock = systemClock): Clock {
  const { rate, meetMs } = scale;
  return {
    now: () => Math.floor(meetMs + (real.now() - meetMs) * rate),
    sleep: (delayMs, signal) => real.sleep(delayMs / rate, signal),
  };
}

/** Waits in real time. */
function sleepReal(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, Math.max(0, delayMs));
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
