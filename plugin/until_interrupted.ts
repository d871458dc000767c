/**
 * Ctrl-C as a signal to stop in order.
 *
 * @module
 */

/** What the signal says when the user, or the system, wants the program to end. */
export class InterruptedError extends Error {
  override name = "InterruptedError";

  constructor() {
    super("interrupted");
  }
}

const signals = ["SIGINT", "SIGTERM"] as const;

/** Runs something until it is done or has heeded its signal; a second Ctrl-C ends the process at once. */
export async function untilInterrupted<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const release = () => {
    for (const name of signals) Deno.removeSignalListener(name, onSignal);
  };
  const onSignal = () => {
    // What the system does by default is right the second time.
    release();
    interrupted.abort(new InterruptedError());
  };
  for (const name of signals) Deno.addSignalListener(name, onSignal);
  try {
    return await run(interrupted.signal);
  } finally {
    release();
  }
}
