import assert from "node:assert/strict";
import { PowerWatch } from "../../../sim/clouds/power_watch.ts";
import { FakeClock } from "../../support/fake_clock.ts";

interface Shift {
  readonly on: number;
  readonly off: number;
}

/** Machines that run from a moment to another, in milliseconds from now. */
function createPlant(shifts: Record<string, Shift>) {
  const clock = new FakeClock(0);
  const news: string[] = [];
  let settlings = 0;
  const watch = new PowerWatch<string>(clock, {
    settle: () => {
      settlings++;
      watch.announce();
    },
    running: () =>
      Object.entries(shifts).filter(([, { on, off }]) => on <= clock.now() && clock.now() < off)
        .map(([id]) => id),
    view: (id) => `${id}@${clock.now()}`,
    moments: () => Object.values(shifts).flatMap(({ on, off }) => [on, off]),
  });
  watch.onStart((machine) => news.push(`+${machine}`));
  watch.onStop((machine) => news.push(`-${machine}`));
  return { clock, watch, news, shifts, settlings: () => settlings };
}

Deno.test("run() tells of each start and stop at its moment, and sleeps in between", async () => {
  const { clock, watch, news, settlings } = createPlant({
    a: { on: 100, off: 300 },
    b: { on: 200, off: 300 },
  });
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  await clock.advance(1_000);
  assert.deepEqual(news, ["+a@100", "+b@200", "-a@300", "-b@300"]);
  assert.equal(settlings(), 4);
  stop.abort();
  await running;
  assert.equal(clock.sleeping, 0);
});

Deno.test("wake() makes room for what was not foreseen", async () => {
  const { clock, watch, news, shifts } = createPlant({});
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  await clock.advance(50);
  shifts["late"] = { on: 70, off: 90 };
  watch.wake();
  await clock.advance(100);
  stop.abort();
  await running;
  assert.deepEqual(news, ["+late@70", "-late@90"]);
});

Deno.test("announce() tells news once, even to listeners that look around; some stop listening", () => {
  const { watch, news } = createPlant({ a: { on: 0, off: 100 } });
  let calls = 0;
  const unsubscribe = watch.onChange(() => {
    calls++;
    watch.announce();
  });
  watch.announce();
  watch.announce();
  assert.deepEqual([news, calls], [["+a@0"], 1]);
  unsubscribe();
});
