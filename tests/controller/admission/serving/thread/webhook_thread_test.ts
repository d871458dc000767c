import assert from "node:assert/strict";
import type {
  Order,
  WebhookConfig,
} from "../../../../../controller/admission/serving/thread/messages.ts";
import {
  createWebhookThread,
  HangingThreadError,
  type ThreadListener,
} from "../../../../../controller/admission/serving/thread/webhook_thread.ts";
import type { Metrics } from "../../../../../runtime/metrics.ts";
import { createSeededRandom } from "../../../../../runtime/random.ts";
import { FakeClock } from "../../../../support/fake_clock.ts";
import { createRecordingLog } from "../../../../support/kube_recording_log.ts";

const config: WebhookConfig = {
  hostname: "127.0.0.1",
  port: 0,
  namespace: "tgp-system",
  credentialNamespaces: [],
  identity: "test",
  hosts: [],
  connection: {},
  logLevel: "info",
};

interface ScriptedThread extends ThreadListener {
  readonly orders: Order[];
  isTerminated: boolean;
}

function setUp() {
  const clock = new FakeClock();
  const log = createRecordingLog();
  const threads: ScriptedThread[] = [];
  const counts: string[] = [];
  const metrics: Metrics = { count: (name) => counts.push(name), gauge() {}, observe() {} };
  const webhook = createWebhookThread({
    clock,
    log,
    metrics,
    random: createSeededRandom(1),
    startThread(listener) {
      const thread: ScriptedThread = { ...listener, orders: [], isTerminated: false };
      threads.push(thread);
      return {
        post: (order) => thread.orders.push(order),
        terminate: () => thread.isTerminated = true,
      };
    },
  }, config);
  const stop = new AbortController();
  return { clock, log, threads, counts, webhook, stop, running: webhook.run(stop.signal) };
}

const state = (isReady: boolean) => ({ kind: "state", isReady, measurements: [] }) as const;

Deno.test("a webhook's thread is ready as long as it says so", async () => {
  const { clock, counts, running, stop, threads, webhook } = setUp();
  const [thread] = threads;
  assert.ok(thread);
  assert.deepEqual(thread.orders, [{ kind: "start", config }]);
  assert.equal(webhook.isReady(), false);
  thread.onReport(state(false));
  assert.equal(webhook.isReady(), false);
  thread.onReport({
    ...state(true),
    measurements: [{ name: "x_total", labels: undefined, count: 1 }],
  });
  assert.equal(webhook.isReady(), true);
  assert.deepEqual(counts, ["x_total"]);
  // Silence says nothing good.
  await clock.advance(10_000);
  assert.equal(webhook.isReady(), false);
  thread.onReport(state(true));
  assert.equal(webhook.isReady(), true);
  stop.abort();
  thread.onReport({ kind: "stopped" });
  await running;
});

Deno.test("a webhook's thread that is told to stop is not ready from then on, and is waited for", async () => {
  const { clock, running, stop, threads, webhook } = setUp();
  const [thread] = threads;
  thread?.onReport(state(true));
  stop.abort();
  assert.equal(webhook.isReady(), false);
  assert.deepEqual(thread?.orders.map(({ kind }) => kind), ["start", "stop"]);
  thread?.onReport(state(true));
  assert.equal(webhook.isReady(), false);
  await clock.advance(5_000);
  assert.equal(thread?.isTerminated, false);
  thread?.onReport({ kind: "stopped" });
  await running;
  assert.equal(thread?.isTerminated, true);
  assert.equal(clock.sleeping, 0);
});

Deno.test("a webhook's thread that does not stop is ended", async () => {
  const { clock, running, stop, threads } = setUp();
  stop.abort();
  await clock.advance(20_000);
  await running;
  assert.equal(threads[0]?.isTerminated, true);
});

Deno.test("a webhook's thread that fails is replaced", async () => {
  const { clock, log, running, stop, threads, webhook } = setUp();
  threads[0]?.onReport(state(true));
  threads[0]?.onFailure("out of memory");
  await clock.advance(1_000);
  assert.equal(threads[0]?.isTerminated, true);
  assert.equal(webhook.isReady(), false);
  assert.equal(threads.length, 2);
  assert.deepEqual(
    log.lines.map(({ level, message, fields }) => [level, message, fields.error]),
    [["error", "The webhook's thread failed", "Error: out of memory"]],
  );
  threads[1]?.onReport(state(true));
  assert.equal(webhook.isReady(), true);
  stop.abort();
  threads[1]?.onReport({ kind: "stopped" });
  await running;
});

Deno.test("a webhook's thread that fails now and then is replaced at once each time", async () => {
  const { clock, running, stop, threads } = setUp();
  for (let failures = 1; failures <= 6; failures++) {
    threads.at(-1)?.onReport(state(true));
    threads.at(-1)?.onFailure("out of memory");
    await clock.advance(1_000);
    assert.equal(threads.length, failures + 1);
  }
  stop.abort();
  threads.at(-1)?.onReport({ kind: "stopped" });
  await running;
});

Deno.test("a webhook's thread that never comes to work is tried ever more seldom", async () => {
  const { clock, running, stop, threads } = setUp();
  for (let failures = 1; failures <= 10; failures++) {
    threads.at(-1)?.onFailure("cannot connect");
    await clock.advance(30_000);
  }
  const before = threads.length;
  threads.at(-1)?.onFailure("cannot connect");
  await clock.advance(10_000);
  assert.equal(threads.length, before);
  stop.abort();
  await running;
});

Deno.test("a webhook whose thread hangs ends, since nothing else would end the thread", async () => {
  const { clock, running, threads, webhook } = setUp();
  threads[0]?.onReport(state(true));
  const ended = assert.rejects(running, HangingThreadError);
  for (let seconds = 0; seconds < 80; seconds += 10) await clock.advance(10_000);
  await ended;
  assert.equal(threads.length, 1);
  assert.equal(webhook.isReady(), false);
  assert.equal(clock.sleeping, 0);
});

Deno.test("a webhook's thread that is heard of once a minute does not hang", async () => {
  const { clock, running, stop, threads } = setUp();
  for (let minutes = 0; minutes < 5; minutes++) {
    await clock.advance(59_000);
    threads[0]?.onReport(state(true));
  }
  stop.abort();
  threads[0]?.onReport({ kind: "stopped" });
  await running;
});

Deno.test("a webhook's thread that fails while it stops is not replaced", async () => {
  const { clock, running, stop, threads } = setUp();
  stop.abort();
  threads[0]?.onFailure("broken");
  await clock.settle();
  await running;
  assert.equal(threads.length, 1);
  assert.equal(clock.sleeping, 0);
});
