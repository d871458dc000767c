import assert from "node:assert/strict";
import { type Batcher, createBatcher } from "../../../controller/provisioner/batcher.ts";
import { never } from "../../support/controller_world.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A window that somebody waits for; `closedAfter` in milliseconds since it began. */
function open(clock: FakeClock, batcher: Batcher, signal: AbortSignal = never) {
  const startedAt = clock.now();
  const window: { closedAfter: number | undefined } = { closedAfter: undefined };
  void batcher.next(signal).then(() => window.closedAfter = clock.now() - startedAt);
  return window;
}

Deno.test("next() closes one second after the first pod when no other comes", async () => {
  const clock = new FakeClock();
  const batcher = createBatcher(clock);
  const window = open(clock, batcher);
  await clock.advance(5_000);
  batcher.trigger("a");
  await clock.advance(20_000);
  assert.equal(window.closedAfter, 6_000);
});

Deno.test("next() stays open while new pods come, for ten seconds at most", async () => {
  const clock = new FakeClock();
  const batcher = createBatcher(clock);
  const window = open(clock, batcher);
  for (let index = 0; index < 40; index++) {
    batcher.trigger(`pod-${index}`);
    await clock.advance(500);
  }
  assert.equal(window.closedAfter, 10_000);
});

Deno.test("next() is not held open by a pod that is in the window already", async () => {
  const clock = new FakeClock();
  const batcher = createBatcher(clock);
  const window = open(clock, batcher);
  for (let index = 0; index < 10; index++) {
    batcher.trigger("same");
    await clock.advance(300);
  }
  assert.equal(window.closedAfter, 1_000);
});

Deno.test("next() gives pods that came during a pass their second, too", async () => {
  const clock = new FakeClock();
  const batcher = createBatcher(clock);
  batcher.trigger("came-during-the-pass");
  const window = open(clock, batcher);
  await clock.advance(800);
  batcher.trigger("the-rest-of-its-job");
  await clock.advance(10_000);
  assert.equal(window.closedAfter, 1_800);
});

Deno.test("next() opens an empty window after each", async () => {
  const clock = new FakeClock();
  const batcher = createBatcher(clock);
  batcher.trigger("a");
  open(clock, batcher);
  await clock.advance(1_000);
  const window = open(clock, batcher);
  await clock.advance(60_000);
  assert.equal(window.closedAfter, undefined);
  batcher.trigger("a");
  await clock.advance(1_000);
  assert.equal(window.closedAfter, 61_000);
});

Deno.test("next() ends with its signal, with and without pods", async () => {
  for (const pods of [[], ["a"]]) {
    const clock = new FakeClock();
    const batcher = createBatcher(clock);
    for (const pod of pods) batcher.trigger(pod);
    const stop = new AbortController();
    const window = open(clock, batcher, stop.signal);
    await clock.settle();
    stop.abort();
    await clock.settle();
    assert.equal(window.closedAfter, 0);
    assert.equal(clock.sleeping, 0);
  }
});
