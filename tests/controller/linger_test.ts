import assert from "node:assert/strict";
import { linger } from "../../controller/linger.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("linger() aborts a while after the other signal, with its reason", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  using lingering = linger(stop.signal, clock, 20_000);
  stop.abort(new Error("told to stop"));
  await clock.advance(19_999);
  assert.ok(!lingering.signal.aborted);
  await clock.advance(1);
  assert.equal(lingering.signal.reason.message, "told to stop");
});

Deno.test("linger() leaves nothing waiting once the call is over", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const lingering = linger(stop.signal, clock, 20_000);
  stop.abort(new Error("told to stop"));
  await clock.settle();
  assert.equal(clock.sleeping, 1);
  lingering[Symbol.dispose]();
  await clock.settle();
  assert.equal(clock.sleeping, 0);
  assert.ok(!lingering.signal.aborted);
});

Deno.test("linger() starts at once with a signal that has aborted already", async () => {
  const clock = new FakeClock();
  using lingering = linger(AbortSignal.abort(new Error("gone")), clock, 1_000);
  await clock.advance(1_000);
  assert.ok(lingering.signal.aborted);
});
