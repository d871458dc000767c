import assert from "node:assert/strict";
import { MeasurementBuffer } from "../../../../../controller/admission/serving/thread/measurements.ts";
import type { Report } from "../../../../../controller/admission/serving/thread/messages.ts";
import { runInThread } from "../../../../../controller/admission/serving/thread/run_in_thread.ts";
import type { Webhook } from "../../../../../controller/admission/serving/webhook.ts";
import { FakeClock } from "../../../../support/fake_clock.ts";

function setUp(webhook: Webhook) {
  const clock = new FakeClock();
  const reports: Report[] = [];
  const measurements = new MeasurementBuffer();
  const stop = new AbortController();
  const deps = { webhook, measurements, clock, post: (report: Report) => reports.push(report) };
  return { clock, reports, measurements, stop, running: runInThread(deps, stop.signal) };
}

Deno.test("runInThread() reports every half second, and last that it has stopped", async () => {
  let isReady = false;
  const { clock, measurements, reports, running, stop } = setUp({
    isReady: () => isReady,
    run: (signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
  });
  await clock.advance(1_000);
  isReady = true;
  measurements.count("x_total");
  await clock.advance(500);
  const [first, second, third] = reports;
  assert.deepEqual(
    [first, second],
    [0, 1].map(() => ({
      kind: "state",
      isReady: false,
      measurements: [],
    })),
  );
  assert.ok(third?.kind === "state" && third.isReady);
  assert.deepEqual(third.measurements.map(({ name }) => name), ["x_total"]);
  measurements.count("y_total");
  stop.abort();
  await running;
  // What was measured last is not lost.
  const [last, stopped, ...more] = reports.slice(3);
  assert.ok(last?.kind === "state");
  assert.deepEqual(last.measurements.map(({ name }) => name), ["y_total"]);
  assert.deepEqual([stopped, more], [{ kind: "stopped" }, []]);
  assert.equal(clock.sleeping, 0);
});

Deno.test("runInThread() fails with its webhook, so that the thread does", async () => {
  const { clock, reports, running } = setUp({
    isReady: () => false,
    run: () => Promise.reject(new Error("broken")),
  });
  await assert.rejects(running, /broken/);
  assert.ok(reports.every(({ kind }) => kind === "state"));
  assert.equal(clock.sleeping, 0);
});
