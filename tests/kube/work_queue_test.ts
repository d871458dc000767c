import assert from "node:assert/strict";
import * as fc from "fast-check";
import { KubeError } from "../../kube/kube.ts";
import { type ReconcileOutcome, TerminalError } from "../../kube/reconcile.ts";
import { createWorkQueue, type WorkQueue } from "../../kube/work_queue.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { createRecordingLog } from "../support/kube_recording_log.ts";

const awaitChange: ReconcileOutcome = { kind: "awaitChange" };

/** A running queue; `passes` lists when which key was worked on. */
async function start(
  reconcile: (key: string, clock: FakeClock, signal: AbortSignal) => Promise<ReconcileOutcome>,
  workers = 1,
) {
  const clock = new FakeClock(0);
  const log = createRecordingLog();
  const random = createSeededRandom(1);
  const queue = createWorkQueue({ clock, random, log, metrics: silentMetrics }, { name: "test" });
  const passes: [string, number][] = [];
  const stop = new AbortController();
  const running = queue.run({
    workers,
    reconcile: (key, signal) => {
      passes.push([key, clock.now()]);
      return reconcile(key, clock, signal);
    },
  }, stop.signal);
  await clock.settle();
  return {
    clock,
    log,
    queue,
    passes,
    async [Symbol.asyncDispose]() {
      stop.abort(new Error("the test is over"));
      await running;
      assert.equal(clock.sleeping, 0);
    },
  };
}

Deno.test("createWorkQueue() works on each key once, in order, however often it was added", async () => {
  const seen: string[] = [];
  await using run = await start(async (key, clock) => {
    await clock.sleep(10);
    seen.push(key);
    return awaitChange;
  });
  for (const key of ["a", "b", "b", "c", "b"]) run.queue.add(key);
  await run.clock.advance(100);
  assert.deepEqual(seen, ["a", "b", "c"]);
});

Deno.test("createWorkQueue() keeps what was added before it runs", async () => {
  const clock = new FakeClock(0);
  const random = createSeededRandom(1);
  const log = createRecordingLog();
  const queue = createWorkQueue({ clock, random, log, metrics: silentMetrics }, { name: "test" });
  queue.add("now");
  queue.addAfter("later", 5_000);
  assert.equal(queue.length, 1);
  const passes: string[] = [];
  const stop = new AbortController();
  const reconcile = (key: string) => {
    passes.push(`${key} ${clock.now()}`);
    return Promise.resolve(awaitChange);
  };
  const running = queue.run({ workers: 1, reconcile }, stop.signal);
  await clock.advance(10_000);
  assert.deepEqual(passes, ["now 0", "later 5000"]);
  stop.abort();
  await running;
});

Deno.test("createWorkQueue() runs a key again that was added while it was worked on", async () => {
  await using run = await start(async (_key, clock) => {
    await clock.sleep(100);
    return awaitChange;
  }, 4);
  run.queue.add("a");
  await run.clock.advance(50);
  run.queue.add("a");
  run.queue.add("a");
  await run.clock.advance(500);
  assert.deepEqual(run.passes, [["a", 0], ["a", 100]]);
});

Deno.test("createWorkQueue() never works on one key twice at once, and loses none", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.nat(5), afterMs: fc.nat(50) }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      async (adds, workers) => {
        const busy = new Set<string>();
        let most = 0;
        await using run = await start(async (key, clock) => {
          assert.ok(!busy.has(key), `${key} twice at once`);
          busy.add(key);
          most = Math.max(most, busy.size);
          await clock.sleep(7);
          busy.delete(key);
          return awaitChange;
        }, workers);
        const lastAdded = new Map<string, number>();
        for (const { key, afterMs } of adds) {
          await run.clock.advance(afterMs % 5);
          lastAdded.set(`${key}`, run.clock.now());
          run.queue.add(`${key}`);
        }
        await run.clock.advance(10_000);
        assert.ok(most <= workers);
        for (const [key, addedAtMs] of lastAdded) {
          const last = run.passes.findLast(([passed]) => passed === key)?.[1] ?? -1;
          assert.ok(last >= addedAtMs, `${key} was added at ${addedAtMs} and not seen since`);
        }
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("createWorkQueue() works on as many keys at once as it has workers", async () => {
  await using run = await start(async (_key, clock) => {
    await clock.sleep(10);
    return awaitChange;
  }, 3);
  for (const key of ["a", "b", "c", "d"]) run.queue.add(key);
  await run.clock.advance(100);
  assert.deepEqual(run.passes, [["a", 0], ["b", 0], ["c", 0], ["d", 10]]);
});

Deno.test("createWorkQueue() requeues after the delay that a pass asks for", async () => {
  await using run = await start(() =>
    Promise.resolve({ kind: "requeueAfter", delayMs: 30_000, reason: "polling" })
  );
  run.queue.add("a");
  await run.clock.advance(95_000);
  assert.deepEqual(run.passes.map(([, ms]) => ms), [0, 30_000, 60_000, 90_000]);
});

Deno.test("createWorkQueue() does not multiply the passes of a key that changes while it polls", async () => {
  await using run = await start(() =>
    Promise.resolve({ kind: "requeueAfter", delayMs: 30_000, reason: "polling" })
  );
  run.queue.add("a");
  for (let second = 1; second <= 20; second++) {
    await run.clock.advance(1_000);
    run.queue.add("a");
  }
  await run.clock.advance(0);
  const changes = run.passes.length;
  await run.clock.advance(300_000);
  assert.equal(run.passes.length - changes, 10);
});

Deno.test("createWorkQueue() addAfter() holds the earliest time asked for", async () => {
  await using run = await start(() => Promise.resolve(awaitChange));
  run.queue.addAfter("a", 5_000);
  run.queue.addAfter("a", 1_000);
  run.queue.addAfter("a", 9_000);
  run.queue.addAfter("b", 2_000);
  run.queue.addAfter("c", 0);
  await run.clock.advance(100_000);
  assert.deepEqual(run.passes, [["c", 0], ["a", 1_000], ["b", 2_000]]);
});

Deno.test("createWorkQueue() waits longer than timers can", async () => {
  await using run = await start(() => Promise.resolve(awaitChange));
  const monthMs = 30 * 24 * 3_600_000;
  run.queue.addAfter("a", monthMs);
  assert.ok((run.clock.nextDueMs ?? 0) - run.clock.now() <= 3_600_000);
  await run.clock.advance(monthMs);
  assert.deepEqual(run.passes, [["a", monthMs]]);
});

Deno.test("createWorkQueue() backs off per key, and forgets on success", async () => {
  let failing = true;
  await using run = await start((key) =>
    key === "bad" && failing ? Promise.reject(new Error("no")) : Promise.resolve(awaitChange)
  );
  run.queue.add("bad");
  run.queue.add("good");
  await run.clock.advance(60_000);
  const times = run.passes.filter(([key]) => key === "bad").map(([, ms]) => ms);
  const gaps = times.slice(1).map((ms, index) => ms - (times[index] ?? 0));
  gaps.forEach((gap, index) => {
    const full = 100 * 2 ** index;
    assert.ok(gap >= full / 2 && gap <= full, gaps.join());
  });
  assert.ok(gaps.length >= 8, gaps.join());
  assert.equal(run.passes.filter(([key]) => key === "good").length, 1);

  failing = false;
  run.queue.add("bad");
  await run.clock.advance(60_000);
  failing = true;
  run.passes.length = 0;
  run.queue.add("bad");
  await run.clock.advance(100);
  assert.equal(run.passes.length, 2, "the first delay is short again");
});

Deno.test("createWorkQueue() backs off for five minutes at most", async () => {
  await using run = await start(() => Promise.reject(new Error("no")));
  run.queue.add("a");
  await run.clock.advance(7_200_000);
  const gaps = run.passes.slice(1).map(([, ms], index) => ms - (run.passes[index]?.[1] ?? 0));
  assert.ok(Math.max(...gaps) <= 300_000);
  assert.ok((gaps.at(-1) ?? 0) >= 150_000);
});

Deno.test("createWorkQueue() does not make a change wait for the backoff", async () => {
  await using run = await start(() => Promise.reject(new Error("no")));
  run.queue.add("a");
  await run.clock.advance(20_000);
  const before = run.passes.length;
  run.queue.add("a");
  await run.clock.advance(0);
  assert.equal(run.passes.length, before + 1);
});

Deno.test("createWorkQueue() waits for a change after a TerminalError", async () => {
  await using run = await start(() => Promise.reject(new TerminalError("spec is wrong")));
  run.queue.add("a");
  await run.clock.advance(3_600_000);
  assert.equal(run.passes.length, 1);
  run.queue.add("a");
  await run.clock.advance(0);
  assert.equal(run.passes.length, 2);
  assert.equal(run.log.lines[0]?.message, "Reconcile failed until something changes");
});

Deno.test("createWorkQueue() survives a reconciler that throws before it waits", async () => {
  await using run = await start(() => {
    throw new TypeError("bug");
  });
  run.queue.add("a");
  await run.clock.advance(1_000);
  assert.ok(run.passes.length > 1);
});

Deno.test("createWorkQueue() does not call a conflict an error", async () => {
  const errors = [new KubeError(409, "conflict"), new Error("real")];
  await using run = await start(() => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve(awaitChange);
  });
  run.queue.add("a");
  await run.clock.advance(1_000);
  assert.deepEqual(run.log.lines.map(({ level, message }) => [level, message]), [
    ["debug", "Reconcile met a conflict"],
    ["error", "Reconcile failed"],
  ]);
});

Deno.test("createWorkQueue() stops after the passes under way, and goes on where it was", async () => {
  const clock = new FakeClock(0);
  const random = createSeededRandom(1);
  const log = createRecordingLog();
  const queue: WorkQueue = createWorkQueue(
    { clock, random, log, metrics: silentMetrics },
    { name: "test" },
  );
  const passes: string[] = [];
  const reconcile = async (key: string, signal: AbortSignal): Promise<ReconcileOutcome> => {
    passes.push(key);
    if (key === "heedless") await clock.sleep(1_000);
    else await clock.sleep(1_000, signal);
    passes.push(`${key} done`);
    return awaitChange;
  };
  const stop = new AbortController();
  let stopped = false;
  const running = queue.run({ workers: 2, reconcile }, stop.signal).then(() => stopped = true);
  for (const key of ["heedless", "heeding", "waiting"]) queue.add(key);
  await clock.advance(500);
  stop.abort(new Error("shutdown"));
  await clock.advance(499);
  assert.equal(stopped, false);
  await clock.advance(1);
  await running;
  assert.deepEqual(passes, ["heedless", "heeding", "heedless done"]);
  assert.deepEqual(log.lines, []);

  const again = new AbortController();
  passes.length = 0;
  const next = queue.run({ workers: 1, reconcile }, again.signal);
  await clock.advance(5_000);
  assert.deepEqual(passes, ["waiting", "waiting done", "heeding", "heeding done"]);
  again.abort();
  await next;
});
