import assert from "node:assert/strict";
import { mock } from "node:test";
import fc from "fast-check";
import {
  type BreakerState,
  CircuitBreaker,
  CircuitOpenError,
} from "../../providers/circuit_breaker.ts";
import { FakeClock } from "../support/fake_clock.ts";

class Failure extends Error {}
class Answer extends Error {}
class Cancelled extends Error {}

function setUp() {
  const clock = new FakeClock(0);
  const states: BreakerState[] = [];
  const breaker = new CircuitBreaker({
    clock,
    failures: 3,
    openForMs: 10_000,
    judge: (error) =>
      error instanceof Failure ? "failure" : error instanceof Answer ? "answer" : "cancelled",
    onStateChange: (state) => states.push(state),
  });
  const fail = (error: Error) =>
    assert.rejects(breaker.execute(() => Promise.reject(error)), (thrown) => thrown === error);
  return { clock, breaker, states, fail };
}

Deno.test("CircuitBreaker goes closed, open, half-open, closed", async () => {
  const { clock, breaker, states, fail } = setUp();
  for (let round = 0; round < 3; round++) await fail(new Failure());
  assert.throws(
    () => breaker.check(),
    (error) => error instanceof CircuitOpenError && error.retryAtMs === 10_000,
  );
  await assert.rejects(breaker.execute(() => assert.fail("called")), CircuitOpenError);
  await clock.advance(10_000);
  assert.equal(await breaker.execute(() => Promise.resolve("fine")), "fine");
  assert.deepEqual(states, ["open", "half-open", "closed"]);
});

Deno.test("CircuitBreaker needs failures in a row: an answer in between starts anew", async () => {
  const { breaker, fail } = setUp();
  for (let round = 0; round < 5; round++) {
    await fail(new Failure());
    await fail(new Failure());
    await breaker.execute(() => Promise.resolve());
  }
  assert.equal(breaker.state, "closed");
});

Deno.test("CircuitBreaker half-open: an unwelcome answer closes, a cancelled probe opens", async () => {
  const { clock, breaker, fail } = setUp();
  for (let round = 0; round < 3; round++) await fail(new Failure());
  await clock.advance(10_000);
  await fail(new Cancelled());
  assert.equal(breaker.state, "open");
  await clock.advance(9_999);
  assert.throws(() => breaker.check(), CircuitOpenError);
  await clock.advance(1);
  await fail(new Answer());
  assert.equal(breaker.state, "closed");
});

Deno.test("CircuitBreaker does not mind a wall clock that is set back", async () => {
  const { clock, breaker, fail } = setUp();
  for (let round = 0; round < 3; round++) await fail(new Failure());
  await clock.advance(10_000);
  mock.timers.enable({ apis: ["Date"], now: Date.now() - 3_600_000 });
  try {
    assert.equal(await breaker.execute(() => Promise.resolve("fine")), "fine");
  } finally {
    mock.timers.reset();
  }
});

Deno.test("CircuitBreaker never calls while it is open, whatever happened before", async () => {
  const step = fc.oneof(
    fc.constant("ok" as const),
    fc.constant("failure" as const),
    fc.constant("cancelled" as const),
    fc.integer({ min: 1, max: 15_000 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { clock, breaker } = setUp();
      let openUntil = -Infinity;
      for (const what of steps) {
        if (typeof what === "number") {
          await clock.advance(what);
          continue;
        }
        const before = breaker.state;
        let called = false;
        await breaker.execute(() => {
          called = true;
          if (what === "ok") return Promise.resolve();
          return Promise.reject(what === "failure" ? new Failure() : new Cancelled());
        }).catch(() => {});
        if (called) assert.ok(clock.now() >= openUntil);
        if (breaker.state === "open" && (called || before !== "open")) {
          openUntil = clock.now() + 10_000;
        }
      }
    }),
    { numRuns: 50 },
  );
});
