import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { FakeClock } from "./fake_clock.ts";

Deno.test("FakeClock.advance() wakes sleepers in order, each at its own due time", async () => {
  const clock = new FakeClock(1_000);
  const woken: [string, number][] = [];
  const sleeper = async (name: string, delayMs: number) => {
    await clock.sleep(delayMs);
    woken.push([name, clock.now()]);
  };
  const all = [sleeper("b", 20), sleeper("a", 10), sleeper("c", 20)];
  await clock.advance(15);
  assert.deepEqual(woken, [["a", 1_010]]);
  assert.equal(clock.now(), 1_015);
  await clock.advance(5);
  assert.deepEqual(woken, [["a", 1_010], ["b", 1_020], ["c", 1_020]]);
  await Promise.all(all);
});

Deno.test("FakeClock.advance() lets a woken task sleep again within the same advance", async () => {
  const clock = new FakeClock(0);
  const ticks: number[] = [];
  const stop = new AbortController();
  const ticker = (async () => {
    while (true) {
      await clock.sleep(10, stop.signal);
      // A macrotask between two sleeps must not make the clock run past the second.
      await new Promise((resolve) => setImmediate(resolve));
      ticks.push(clock.now());
    }
  })().catch((error) => error);
  await clock.advance(35);
  assert.deepEqual(ticks, [10, 20, 30]);
  stop.abort(new Error("stopped"));
  assert.equal((await ticker).message, "stopped");
  assert.equal(clock.sleeping, 0);
});

Deno.test("FakeClock.sleep() rejects with the signal's reason, before and during", async () => {
  const clock = new FakeClock();
  const reason = new Error("no longer needed");
  await assert.rejects(clock.sleep(1, AbortSignal.abort(reason)), reason);
  const stop = new AbortController();
  const sleeping = clock.sleep(1, stop.signal);
  stop.abort(reason);
  await assert.rejects(sleeping, reason);
});
