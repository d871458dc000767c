import assert from "node:assert/strict";
import { mock } from "node:test";
import fc from "fast-check";
import { CircuitOpenError } from "../../providers/circuit_breaker.ts";
import { ProviderError, type ProviderErrorKind } from "../../providers/errors.ts";
import type { CallPlan } from "../../providers/call_plan.ts";
import { SendDeadlinePassedError } from "../../providers/http/launch_sending.ts";
import { Resilience } from "../../providers/resilience.ts";
import { resilienceDefaults } from "../../providers/resilience_defaults.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { drive, Recorder } from "./provider_world.ts";

const never = new AbortController().signal;

const plan: CallPlan = {
  operation: "listThings",
  action: "list things",
  priority: "list",
  timeoutMs: 20_000,
  retry: ["transient", "rate_limit"],
  breaker: true,
};

function setUp(change: { readonly launchIntervalMs?: number } = {}) {
  const clock = new FakeClock(0);
  const recorder = new Recorder();
  const resilience = new Resilience(
    { clock, random: createSeededRandom(1), log: recorder.log, metrics: recorder.metrics },
    {
      provider: "test",
      account: "test",
      host: "api.test",
      requestIntervalMs: 1_000,
      launchIntervalMs: 12_000,
      ...change,
    },
  );
  const run = <T>(promise: Promise<T>) => drive({ clock, inFlight: () => 0 }, promise);
  return { clock, recorder, resilience, run };
}

function failure(kind: ProviderErrorKind, retryAfterMs?: number): ProviderError {
  return new ProviderError(`failed: ${kind}`, {
    kind,
    account: "test",
    operation: "listThings",
    retryAfterMs,
  });
}

/** Fails with each error in turn, then answers. */
function script(errors: readonly unknown[], clock: FakeClock) {
  const times: number[] = [];
  const attempt = () => {
    times.push(clock.now());
    const error = errors[times.length - 1];
    return error === undefined ? Promise.resolve("answer") : Promise.reject(error);
  };
  return { attempt, times };
}

async function fail(promise: Promise<unknown>): Promise<ProviderError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ProviderError, String(error));
    return error;
  }
  return assert.fail("did not fail");
}

Deno.test("call() repeats transient failures after growing pauses, three attempts in all", async () => {
  const { clock, resilience, run } = setUp();
  const { attempt, times } = script(Array(3).fill(failure("transient")), clock);
  const error = await fail(run(resilience.call(plan, attempt, never)));
  assert.equal(error.message, "failed: transient");
  assert.equal(times.length, resilienceDefaults.attempts);
  const [first = 0, second = 0, third = 0] = times;
  assert.ok(second - first >= 1_000 && third - second >= 1_000 && third - second <= 2_000);
});

Deno.test("call() does not repeat what another try cannot change", async () => {
  for (const kind of ["unauthorized", "billing", "not_found", "unknown", "conflict"] as const) {
    const { clock, resilience, run } = setUp();
    const { attempt, times } = script([failure(kind)], clock);
    assert.equal((await fail(run(resilience.call(plan, attempt, never)))).kind, kind);
    assert.equal(times.length, 1);
  }
});

Deno.test("call() waits as long as the vendor asks, and so does the whole account", async () => {
  const { clock, resilience, run } = setUp();
  const { attempt, times } = script([failure("rate_limit", 30_000)], clock);
  const other = script([], clock);
  const calling = resilience.call(plan, attempt, never);
  await clock.settle();
  const others = resilience.call({ ...plan, operation: "other" }, other.attempt, never);
  assert.equal(await run(calling), "answer");
  await run(others);
  assert.equal(times[1], 31_000);
  assert.equal(other.times[0], 30_000);
});

Deno.test("call() throws when the vendor asks for more than a minute, and pauses for one", async () => {
  const { clock, resilience, run } = setUp();
  const { attempt, times } = script([failure("rate_limit", 3_600_000)], clock);
  const error = await fail(run(resilience.call(plan, attempt, never)));
  assert.equal(error.retryAfterMs, 3_600_000);
  assert.equal(times.length, 1);
  await run(resilience.call(plan, attempt, never));
  assert.equal(times[1], 60_000);
});

Deno.test("call() throttled without a hint waits 2.5 to 5 s, then longer", async () => {
  const { clock, resilience, run } = setUp();
  const { attempt, times } = script(Array(2).fill(failure("rate_limit")), clock);
  await run(resilience.call(plan, attempt, never));
  const [first = 0, second = 0, third = 0] = times;
  assert.ok(second - first >= 2_500 && second - first <= 5_000);
  assert.ok(third - second >= 5_000 && third - second <= 10_000);
});

Deno.test("call() that may try again at once still backs off: the vendor has just refused", async () => {
  const { clock, resilience, run } = setUp();
  const { attempt, times } = script([failure("rate_limit", 0)], clock);
  await run(resilience.call(plan, attempt, never));
  const [first = 0, second = 0] = times;
  assert.ok(second - first >= 2_500, String(second - first));
});

Deno.test("throttles of calls that were under way together count as one", async () => {
  const { clock, resilience, run } = setUp();
  const refusals = Array.from({ length: 4 }, () => Promise.withResolvers<never>());
  const once = { ...plan, retry: [] };
  const calls = refusals.map(({ promise }) => resilience.call(once, () => promise, never));
  await clock.advance(4_000);
  for (const { reject } of refusals) reject(failure("rate_limit"));
  await Promise.allSettled(calls);
  const { attempt, times } = script([], clock);
  await run(resilience.call(plan, attempt, never));
  assert.ok((times[0] ?? Infinity) - 4_000 <= 5_000, String(times[0]));
});

Deno.test("call() turns what fetch throws into a transient error with words", async () => {
  const { resilience, run } = setUp();
  const thrown = new TypeError("fetch failed", {
    cause: new Error("client error (Connect): tcp connect error: Connection refused"),
  });
  const error = await fail(
    run(resilience.call({ ...plan, retry: [] }, () => Promise.reject(thrown), never)),
  );
  assert.equal(error.kind, "transient");
  assert.equal(
    error.message,
    "Cannot list things: no usable answer from api.test: connection refused",
  );
  assert.equal(error.cause, thrown);
});

Deno.test("terminate goes before list, list before launch", async () => {
  const { clock, resilience, run } = setUp();
  const order: string[] = [];
  const call = (priority: "terminate" | "list") =>
    resilience.call(
      { ...plan, operation: priority, priority },
      () => Promise.resolve(order.push(priority)),
      never,
    );
  const waiting = [
    call("list"),
    resilience.acquireLaunch(never).then(() => order.push("launch")),
    call("list"),
    call("terminate"),
  ];
  await clock.settle();
  assert.equal(resilience.queueLength, 3);
  await run(Promise.all(waiting));
  assert.deepEqual(order, ["list", "terminate", "list", "launch"]);
});

Deno.test("the most urgent waiter goes first, whatever the order and the time of asking", async () => {
  const kind = fc.constantFrom("terminate" as const, "list" as const, "launch" as const);
  const asks = fc.array(fc.record({ kind, waitMs: fc.nat(900) }), { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(asks, async (asked) => {
      const { clock, resilience } = setUp({ launchIntervalMs: 1 });
      const ranks = { terminate: 0, list: 1, launch: 2 };
      const waiting: number[] = [];
      const all: Promise<unknown>[] = [];
      for (const { kind, waitMs } of asked) {
        const rank = ranks[kind];
        const go = () => {
          waiting.splice(waiting.indexOf(rank), 1);
          assert.ok(waiting.every((other) => other >= rank), `${kind} before ${waiting}`);
          return Promise.resolve();
        };
        waiting.push(rank);
        all.push(
          kind === "launch"
            ? resilience.acquireLaunch(never).then(go)
            : resilience.call({ ...plan, operation: kind, priority: kind }, go, never),
        );
        await clock.settle();
        await clock.advance(waitMs);
      }
      await clock.advance(asked.length * 1_000 + 1);
      await Promise.all(all);
    }),
    { numRuns: 20 },
  );
});

Deno.test("a call that a breaker stops while it waits for its turn gives the turn back", async () => {
  const { clock, resilience, run } = setUp();
  const once = { ...plan, retry: [] };
  const failing = () => Promise.reject(failure("transient"));
  const calls = Array.from({ length: 20 }, () => fail(resilience.call(once, failing, never)));
  await clock.advance(4_500);
  let at = NaN;
  const other = resilience.call({ ...once, operation: "other" }, () => {
    at = clock.now();
    return Promise.resolve();
  }, never);
  await run(Promise.all([other, ...calls]));
  assert.equal(resilience.breakerState("listThings"), "open");
  assert.equal(at, 5_000);
});

Deno.test("a launch that others overtook keeps its distance from them", async () => {
  const { clock, resilience, run } = setUp();
  const launchPlan = { ...plan, operation: "launch", retry: [] };
  const sent: number[] = [];
  const send = () => Promise.resolve(sent.push(clock.now()));
  const ticket = await run(resilience.acquireLaunch(never));
  await clock.advance(1_000);
  await run(resilience.call(plan, send, never));
  await clock.advance(300);
  await run(resilience.launch(launchPlan, ticket, send, never));
  await run(resilience.call(plan, send, never));
  assert.deepEqual(sent, [1_000, 2_000, 3_000]);
});

Deno.test("a launch in a throttled account waits like everybody, and can be cancelled", async () => {
  const { clock, resilience, run } = setUp();
  const launchPlan = { ...plan, operation: "launch", retry: [] };
  const [sent, cancelled] = [await run(resilience.acquireLaunch(never)), new AbortController()];
  const other = await run(resilience.acquireLaunch(never));
  const throttled = script([failure("rate_limit", 20_000)], clock);
  await fail(run(resilience.call({ ...plan, retry: [] }, throttled.attempt, never)));
  const until = clock.now() + 20_000;
  const launching = resilience.launch(
    launchPlan,
    other,
    () => assert.fail("sent"),
    cancelled.signal,
  );
  await clock.advance(5_000);
  cancelled.abort(new Error("not needed"));
  await assert.rejects(launching, { message: "not needed" });
  const { attempt, times } = script([], clock);
  await run(resilience.launch(launchPlan, sent, attempt, never));
  assert.ok((times[0] ?? 0) >= until, `${times[0]} ${until}`);
});

Deno.test("a place given back late gives nobody else's away", async () => {
  const { clock, resilience, run } = setUp();
  const ticket = await run(resilience.acquireLaunch(never));
  await clock.advance(10_000);
  await run(resilience.call(plan, () => Promise.resolve(), never));
  ticket.release();
  const { attempt, times } = script([], clock);
  await run(resilience.call(plan, attempt, never));
  assert.deepEqual(times, [11_000]);
});

Deno.test("a launch that was too late says nothing about the vendor", async () => {
  const { resilience, run } = setUp({ launchIntervalMs: 1_000 });
  const launchPlan = { ...plan, operation: "launch", retry: [] };
  const tooLate = () => Promise.reject(new SendDeadlinePassedError());
  for (let round = 0; round < 6; round++) {
    const ticket = await run(resilience.acquireLaunch(never));
    const error = await fail(run(resilience.launch(launchPlan, ticket, tooLate, never)));
    assert.ok(error.cause instanceof SendDeadlinePassedError);
  }
  assert.equal(resilience.breakerState("launch"), "closed");
});

Deno.test("launches keep their distance from when they are sent", async () => {
  const { clock, resilience, run } = setUp();
  const launchPlan = { ...plan, operation: "launch", retry: [] };
  const first = await run(resilience.acquireLaunch(never));
  await clock.advance(5_000);
  await run(resilience.launch(launchPlan, first, () => Promise.resolve(), never));
  const second = await run(resilience.acquireLaunch(never));
  assert.equal(clock.now(), 17_000);
  second.release();
  second.release();
  (await run(resilience.acquireLaunch(never))).release();
  assert.equal(clock.now(), 17_000);
  assert.throws(() => second.use(), TypeError);
});

Deno.test("launch() never repeats", async () => {
  for (const kind of ["transient", "rate_limit"] as const) {
    const { clock, resilience, run } = setUp();
    const { attempt, times } = script([failure(kind)], clock);
    const ticket = await run(resilience.acquireLaunch(never));
    await fail(run(resilience.launch({ ...plan, retry: [] }, ticket, attempt, never)));
    assert.equal(times.length, 1);
  }
});

Deno.test("a breaker opens after five failures, tries one call after 30 s, and closes", async () => {
  const { clock, recorder, resilience, run } = setUp();
  const once = { ...plan, retry: [] };
  const { attempt, times } = script(Array(6).fill(failure("transient")), clock);
  const gauge = () =>
    recorder.gauges.get(
      'tgp_provider_breaker_state{"provider":"test","account":"test","operation":"listThings"}',
    );
  for (let round = 0; round < 5; round++) {
    assert.equal(resilience.breakerState("listThings"), "closed");
    await fail(run(resilience.call(once, attempt, never)));
  }
  assert.deepEqual([resilience.breakerState("listThings"), gauge()], ["open", 2]);
  const refused = await fail(run(resilience.call(plan, attempt, never)));
  assert.ok(refused.cause instanceof CircuitOpenError);
  assert.match(
    refused.message,
    /not tried for now, the last calls all failed \(failed: transient\)$/,
  );
  assert.equal(times.length, 5);

  await clock.advance(30_000);
  await fail(run(resilience.call(once, attempt, never)));
  assert.deepEqual([times.length, resilience.breakerState("listThings")], [6, "open"]);

  await clock.advance(30_000);
  assert.equal(await run(resilience.call(once, attempt, never)), "answer");
  assert.deepEqual([resilience.breakerState("listThings"), gauge()], ["closed", 0]);
});

Deno.test("breakers are per operation, and a plan may go without", async () => {
  const { resilience, run } = setUp();
  const once = { ...plan, retry: [] };
  const failing = () => Promise.reject(failure("transient"));
  for (let round = 0; round < 5; round++) await fail(run(resilience.call(once, failing, never)));
  const other = { ...once, operation: "other" };
  assert.equal(await run(resilience.call(other, () => Promise.resolve(1), never)), 1);
  const without = { ...once, operation: "end", breaker: false };
  for (let round = 0; round < 9; round++) await fail(run(resilience.call(without, failing, never)));
  assert.equal(await run(resilience.call(without, () => Promise.resolve(2), never)), 2);
});

Deno.test("what ending waits for passes every breaker, and moves none", async () => {
  const { resilience, run } = setUp();
  const once = { ...plan, retry: [] };
  const ending: CallPlan = { ...once, priority: "terminate" };
  const failing = () => Promise.reject(failure("transient"));
  for (let round = 0; round < 9; round++) await fail(run(resilience.call(ending, failing, never)));
  assert.equal(resilience.breakerState("listThings"), "closed");
  for (let round = 0; round < 5; round++) await fail(run(resilience.call(once, failing, never)));
  assert.equal(resilience.breakerState("listThings"), "open");
  assert.equal(await run(resilience.call(ending, () => Promise.resolve("gone"), never)), "gone");
  assert.equal(resilience.breakerState("listThings"), "open");
});

Deno.test("answers that say no do not open a breaker", async () => {
  const { resilience, run } = setUp();
  for (const kind of ["unauthorized", "rate_limit", "not_found", "quota", "unknown"] as const) {
    for (let round = 0; round < 6; round++) {
      const failing = () => Promise.reject(failure(kind));
      await fail(run(resilience.call({ ...plan, retry: [] }, failing, never)));
    }
  }
  assert.equal(resilience.breakerState("listThings"), "closed");
});

Deno.test("a caller that gives up opens no breaker, and closes none", async () => {
  const { clock, resilience, run } = setUp();
  const once = { ...plan, retry: [] };
  const reason = new Error("given up");
  const giveUp = async () => {
    const cancel = new AbortController();
    const hanging = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        cancel.abort(reason);
      });
    await assert.rejects(
      run(resilience.call(once, hanging, cancel.signal)),
      (error) => error === reason,
    );
  };
  for (let round = 0; round < 6; round++) await giveUp();
  assert.equal(resilience.breakerState("listThings"), "closed");
  const failing = () => Promise.reject(failure("transient"));
  for (let round = 0; round < 5; round++) await fail(run(resilience.call(once, failing, never)));
  await clock.advance(30_000);
  await giveUp();
  assert.equal(resilience.breakerState("listThings"), "open");
});

Deno.test("while one call probes an open breaker, others are refused at once", async () => {
  const { clock, resilience, run } = setUp();
  const once = { ...plan, retry: [] };
  const failing = () => Promise.reject(failure("transient"));
  for (let round = 0; round < 5; round++) await fail(run(resilience.call(once, failing, never)));
  await clock.advance(31_000);
  const probe = Promise.withResolvers<string>();
  const probing = resilience.call(once, () => probe.promise, never);
  await clock.settle();
  assert.equal(resilience.breakerState("listThings"), "half-open");
  const refused = await fail(run(resilience.call(once, () => Promise.resolve("x"), never)));
  assert.ok(refused.cause instanceof CircuitOpenError);
  probe.resolve("works again");
  assert.equal(await run(probing), "works again");
  assert.equal(resilience.breakerState("listThings"), "closed");
});

Deno.test("an attempt that ignores its signal is cut off at the time limit", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { clock, resilience } = setUp();
    let aborted = false;
    const deaf = (signal: AbortSignal) =>
      new Promise<never>(() => signal.addEventListener("abort", () => aborted = true));
    const calling = fail(resilience.call({ ...plan, retry: [] }, deaf, never));
    await clock.settle();
    mock.timers.tick(19_999);
    await clock.settle();
    assert.equal(aborted, false);
    mock.timers.tick(1);
    const error = await calling;
    assert.equal(error.message, "Cannot list things: no complete answer from api.test within 20 s");
    assert.equal(aborted, true);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("a signal ends waiting in the queue and waiting between attempts", async () => {
  const { clock, resilience, run } = setUp();
  const reason = new Error("shutting down");
  await run(resilience.call(plan, () => Promise.resolve(), never));
  const queued = new AbortController();
  const waiting = resilience.call(plan, () => Promise.resolve(), queued.signal);
  queued.abort(reason);
  await assert.rejects(waiting, (error) => error === reason);
  await clock.advance(1_000);
  const between = new AbortController();
  const failing = () => Promise.reject(failure("transient"));
  const repeating = resilience.call(plan, failing, between.signal);
  await clock.settle();
  between.abort(reason);
  await assert.rejects(repeating, (error) => error === reason);
  assert.equal(clock.sleeping, 0);
});

Deno.test("requests and their outcomes are counted", async () => {
  const { clock, recorder, resilience, run } = setUp();
  const { attempt } = script([failure("transient")], clock);
  await run(resilience.call(plan, attempt, never));
  const count = (outcome: string) =>
    recorder.counts.get(
      `tgp_provider_requests_total{"provider":"test","account":"test","operation":"listThings","outcome":"${outcome}"}`,
    );
  assert.deepEqual([count("ok"), count("transient")], [1, 1]);
});
