import assert from "node:assert/strict";
import fc from "fast-check";
import { TokenBucket } from "../../runtime/token_bucket.ts";
import { FakeClock } from "../support/fake_clock.ts";

const never = new AbortController().signal;

function createBucket(clock: FakeClock, burst = 1, lengths: number[] = []) {
  return new TokenBucket<"high" | "low">({
    clock,
    intervalMs: 1_000,
    burst,
    priorities: ["high", "low"],
    onQueueLength: (length) => lengths.push(length),
  });
}

Deno.test("take() grants at once, then once per interval, in order of asking", async () => {
  const clock = new FakeClock(0);
  const bucket = createBucket(clock);
  const grants: [string, number][] = [];
  const ask = async (name: string) => {
    await bucket.take("low", never);
    grants.push([name, clock.now()]);
  };
  const all = Promise.all(["a", "b", "c"].map(ask));
  await clock.advance(5_000);
  await all;
  assert.deepEqual(grants, [["a", 0], ["b", 1_000], ["c", 2_000]]);
  assert.equal(clock.sleeping, 0);
});

Deno.test("take() serves the urgent first, however late they come", async () => {
  const clock = new FakeClock(0);
  const bucket = createBucket(clock);
  const grants: string[] = [];
  const ask = (name: string, priority: "high" | "low") =>
    bucket.take(priority, never).then(() => grants.push(name));
  const all = [ask("first", "low"), ask("low", "low")];
  await clock.advance(500);
  all.push(ask("high", "high"));
  await clock.advance(2_000);
  await Promise.all(all);
  assert.deepEqual(grants, ["first", "high", "low"]);
});

Deno.test("take() rejects with the signal's reason, takes no token and leaves no timer", async () => {
  const clock = new FakeClock(0);
  const lengths: number[] = [];
  const bucket = createBucket(clock, 1, lengths);
  const reason = new Error("not needed");
  await assert.rejects(bucket.take("low", AbortSignal.abort(reason)), (error) => error === reason);
  await bucket.take("low", never);
  const cancel = new AbortController();
  const waiting = bucket.take("low", cancel.signal);
  assert.equal(bucket.queueLength, 1);
  cancel.abort(reason);
  await assert.rejects(waiting, (error) => error === reason);
  assert.equal(bucket.queueLength, 0);
  await clock.settle();
  assert.equal(clock.sleeping, 0);
  await clock.advance(1_000);
  await bucket.take("low", never);
  assert.deepEqual([lengths.at(-1), Math.max(...lengths)], [0, 1]);
});

Deno.test("giveBack() lets the next one in at once", async () => {
  const clock = new FakeClock(0);
  const bucket = createBucket(clock);
  const token = await bucket.take("low", never);
  const next = bucket.take("low", never);
  token.giveBack();
  await next;
  assert.equal(clock.now(), 0);
});

Deno.test("giveBack() gives back nothing once others were served", async () => {
  const clock = new FakeClock(0);
  const bucket = createBucket(clock);
  const token = await bucket.take("low", never);
  await clock.advance(10_000);
  await bucket.take("low", never);
  token.giveBack();
  assert.equal(bucket.readyAtMs, 11_000);
});

Deno.test("use() keeps the distance from the use, not from the taking", async () => {
  const clock = new FakeClock(0);
  const bucket = createBucket(clock);
  const token = await bucket.take("low", never);
  await clock.advance(800);
  assert.equal(token.use(), 800);
  assert.equal(bucket.readyAtMs, 1_800);
  token.giveBack();
  assert.equal(bucket.readyAtMs, 1_800);
});

Deno.test("use() of a token that others overtook waits for the next place, before all who wait", async () => {
  const clock = new FakeClock(0);
  const bucket = createBucket(clock);
  const token = await bucket.take("low", never);
  await clock.advance(1_200);
  await bucket.take("low", never);
  const next = bucket.take("high", never);
  assert.equal(token.use(), 2_200);
  assert.equal(bucket.readyAtMs, 3_200);
  await clock.advance(2_000);
  await next;
});

Deno.test("use() in a pause waits for its end", async () => {
  const clock = new FakeClock(0);
  const bucket = createBucket(clock);
  const token = await bucket.take("low", never);
  bucket.pauseUntil(5_000);
  assert.equal(token.use(), 5_000);
  assert.equal(bucket.readyAtMs, 6_000);
});

Deno.test("whoever holds a token for whatever time, uses keep their distance", async () => {
  const step = fc.record({ waitMs: fc.nat(2_500), hold: fc.boolean(), high: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const clock = new FakeClock(0);
      const bucket = createBucket(clock);
      const uses: number[] = [];
      const held: (() => void)[] = [];
      const all: Promise<unknown>[] = [];
      for (const { waitMs, hold, high } of steps) {
        all.push(
          bucket.take(high ? "high" : "low", never).then((token) => {
            if (hold) held.push(() => uses.push(token.use()));
            else uses.push(clock.now());
          }),
        );
        await clock.advance(waitMs);
        if (!hold) held.shift()?.();
      }
      await clock.advance(steps.length * 2_000 + 1);
      await Promise.all(all);
      for (const use of held) use();
      uses.sort((left, right) => left - right);
      for (const [index, at] of uses.entries()) {
        assert.ok(index === 0 || at - (uses[index - 1] ?? 0) >= 1_000, String(uses));
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("pauseUntil() holds everybody; a shorter pause does not end a longer one", async () => {
  const clock = new FakeClock(0);
  const bucket = createBucket(clock);
  bucket.pauseUntil(10_000);
  bucket.pauseUntil(5_000);
  let grantedAt = 0;
  const waiting = bucket.take("high", never).then(() => grantedAt = clock.now());
  await clock.advance(60_000);
  await waiting;
  assert.equal(grantedAt, 10_000);
});

Deno.test("pauseUntil() spends what was saved up: after it goes one token at a time", async () => {
  const clock = new FakeClock(0);
  const bucket = createBucket(clock, 5);
  bucket.pauseUntil(10_000);
  const grants: number[] = [];
  const ask = () => bucket.take("low", never).then(() => grants.push(clock.now()));
  const all = Promise.all([ask(), ask(), ask()]);
  await clock.advance(60_000);
  await all;
  assert.deepEqual(grants, [10_000, 11_000, 12_000]);
  // They are saved up again, in a quiet time.
  const more = Promise.all([ask(), ask(), ask()]);
  await clock.advance(0);
  await more;
  assert.deepEqual(grants.slice(3), [60_000, 60_000, 60_000]);
});

Deno.test("never more than burst + elapsed / interval tokens in any span of time", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ waitMs: fc.nat(1_500), high: fc.boolean() }), { maxLength: 25 }),
      async (burst, asks) => {
        const clock = new FakeClock(0);
        const bucket = createBucket(clock, burst);
        const grants: number[] = [];
        const all: Promise<unknown>[] = [];
        for (const { waitMs, high } of asks) {
          await clock.advance(waitMs);
          all.push(
            bucket.take(high ? "high" : "low", never).then(() => grants.push(clock.now())),
          );
        }
        await clock.advance(asks.length * 1_000 + 1);
        await Promise.all(all);
        for (let from = 0; from < grants.length; from++) {
          for (let to = from; to < grants.length; to++) {
            const span = (grants[to] ?? 0) - (grants[from] ?? 0);
            assert.ok(to - from + 1 <= burst + span / 1_000);
          }
        }
      },
    ),
    { numRuns: 25 },
  );
});
