import assert from "node:assert/strict";
import { createClusterClock } from "../../plugin/cluster_clock.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("createClusterClock() follows the API server's time, however far off", async () => {
  const local = new FakeClock();
  const clock = createClusterClock(local);
  assert.equal(clock.now(), local.now());
  const days = 5 * 86_400_000;
  clock.observe(new Date(local.now() - days).toUTCString());
  assert.equal(clock.now(), local.now() - days);
  await local.advance(60_000);
  assert.equal(clock.now(), local.now() - days);
});

Deno.test("createClusterClock() takes small differences for the header's granularity", () => {
  const local = new FakeClock();
  const clock = createClusterClock(local);
  clock.observe(new Date(local.now() - 2_000).toUTCString());
  assert.equal(clock.now(), local.now());
});

Deno.test("createClusterClock() tells how far off the local time is, small differences included", () => {
  const local = new FakeClock();
  const clock = createClusterClock(local);
  assert.equal(clock.lastSkewMs, undefined);
  clock.observe(new Date(local.now() - 2_000).toUTCString());
  assert.equal(clock.lastSkewMs, -2_000);
});

Deno.test("createClusterClock() keeps to what it knows when an answer has no time", () => {
  const local = new FakeClock();
  const clock = createClusterClock(local);
  clock.observe(new Date(local.now() + 60_000).toUTCString());
  for (const date of [null, "", "yesterday"]) clock.observe(date);
  assert.equal(clock.now(), local.now() + 60_000);
});
