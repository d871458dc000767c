/**
 * Time limits of calls. They run on the wall clock, which is turned by hand here.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mock } from "node:test";
import { assertThrows, launch, name, never, nextTurn, type Register } from "./steps.ts";

/** See the module. Only where nothing else needs the wall clock: in process. */
export function registerTimeLimits(test: Register): void {
  for (const spoiling of ["hang", "stall"] as const) {
    test(`an answer that does not come (${spoiling}) ends at the time limit`, async (world) => {
      mock.timers.enable({ apis: ["setTimeout"] });
      try {
        world.spoil("list", spoiling, { times: 10 });
        const listing = assertThrows(world, world.provider.listInstances(never), "transient");
        const error = await tickUntil(listing);
        assert.match(error.message, /no complete answer from \S+ within \d+ s/);
        world.spoil("launch", spoiling, { takesEffect: true });
        const outcome = await tickUntil(launch(world));
        assert.equal(outcome.kind, "unknown");
        assert.deepEqual(world.machines().map((machine) => machine.name), [name]);
        const { callTimeout } = world.provider.info();
        assert.ok(callTimeout >= 1_000 && callTimeout <= 120_000);
      } finally {
        mock.timers.reset();
      }
    });
  }
}

/** Turns the wall clock until a promise settles. */
async function tickUntil<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  for (let seconds = 0; !settled && seconds < 300; seconds++) {
    mock.timers.tick(1_000);
    for (let turn = 0; turn < 20; turn++) await nextTurn();
  }
  assert.ok(settled, "nothing happened in 300 s of wall time");
  return promise;
}
