import assert from "node:assert/strict";
import { createPoke } from "../../runtime/poke.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { never } from "../support/controller_world.ts";

/** Whether a wait has ended. */
async function hasEnded(clock: FakeClock, wait: Promise<void>): Promise<boolean> {
  let ended = false;
  void wait.then(() => ended = true);
  await clock.settle();
  return ended;
}

Deno.test("wait() lasts as long as it was told", async () => {
  const clock = new FakeClock();
  const wait = createPoke().wait(clock, 1_000, never);
  await clock.advance(999);
  assert.equal(await hasEnded(clock, wait), false);
  await clock.advance(1);
  assert.equal(await hasEnded(clock, wait), true);
});

Deno.test("now() ends the wait, or the next one, but not two", async () => {
  const clock = new FakeClock();
  const poke = createPoke();
  const first = poke.wait(clock, 1_000, never);
  poke.now();
  assert.equal(await hasEnded(clock, first), true);
  poke.now();
  poke.now();
  assert.equal(await hasEnded(clock, poke.wait(clock, 1_000, never)), true);
  const third = poke.wait(clock, 1_000, never);
  assert.equal(await hasEnded(clock, third), false);
  await clock.advance(1_000);
  await third;
});

Deno.test("wait() ends with its signal and leaves nothing behind on it", async () => {
  const clock = new FakeClock();
  const poke = createPoke();
  const stop = new AbortController();
  const listeners = { added: 0, removed: 0 };
  const { addEventListener, removeEventListener } = stop.signal;
  stop.signal.addEventListener = function (this: AbortSignal, ...args: unknown[]) {
    listeners.added++;
    Reflect.apply(addEventListener, this, args);
  };
  stop.signal.removeEventListener = function (this: AbortSignal, ...args: unknown[]) {
    listeners.removed++;
    Reflect.apply(removeEventListener, this, args);
  };
  for (let round = 0; round < 10; round++) {
    const wait = poke.wait(clock, 1_000, stop.signal);
    await clock.advance(1_000);
    await wait;
  }
  assert.deepEqual(listeners, { added: 10, removed: 10 });
  const last = poke.wait(clock, 1_000, stop.signal);
  stop.abort();
  assert.equal(await hasEnded(clock, last), true);
  await poke.wait(clock, 1_000, stop.signal);
  assert.equal(clock.sleeping, 0);
});
