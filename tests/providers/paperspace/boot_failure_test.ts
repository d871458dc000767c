import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decideBootFailure,
  wordlessPatienceMs,
} from "../../../providers/paperspace/boot_failure.ts";
import type { WireMachineEvent } from "../../../providers/paperspace/wire.ts";

const now = 1_000_000;

function event(
  name: string,
  state: string,
  change: Partial<WireMachineEvent> = {},
): WireMachineEvent {
  return {
    id: `${name}-${state}`,
    name,
    state,
    dtCreated: now - 60_000,
    dtFinished: now - 30_000,
    error: undefined,
    ...change,
  };
}

const created = event("create", "done", { dtCreated: now - 90_000 });
const capacity = "Uh oh. This machine type can't start due to insufficient capacity or higher " +
  "than normal demand. Please try again later.";

Deno.test("a start in error for lack of capacity is a lack of capacity, in the vendor's words", () => {
  assert.deepEqual(
    decideBootFailure([event("start", "error", { error: capacity }), created], now),
    {
      kind: "failed",
      failure: { kind: "availability", message: capacity },
    },
  );
});

Deno.test("another text stays unknown, and is kept", () => {
  const failed = [created, event("start", "error", { error: "Host on fire" })];
  assert.deepEqual(decideBootFailure(failed, now), {
    kind: "failed",
    failure: { kind: "unknown", message: "Host on fire" },
  });
});

Deno.test("an order that could not be created, or was cancelled, failed, too", () => {
  for (const [name, state] of [["create", "error"], ["start", "cancelled"]] as const) {
    const verdict = decideBootFailure([event(name, state, { error: "No" })], now);
    assert.deepEqual(verdict, { kind: "failed", failure: { kind: "unknown", message: "No" } });
  }
});

Deno.test("an error without a word counts once the machine has stayed off", () => {
  const wordless = (ageMs: number, finished = true) =>
    decideBootFailure([
      event("start", "error", {
        dtCreated: now - ageMs,
        dtFinished: finished ? now - ageMs : undefined,
      }),
      created,
    ], now);
  for (const finished of [true, false]) {
    assert.deepEqual(wordless(wordlessPatienceMs - 1, finished), { kind: "undecided" });
    assert.deepEqual(wordless(wordlessPatienceMs, finished), {
      kind: "failed",
      failure: { kind: "unknown", message: "its start failed, the vendor gives no reason" },
    });
  }
  const timeless = event("start", "error", { dtCreated: undefined, dtFinished: undefined });
  assert.equal(decideBootFailure([timeless], now).kind, "failed");
});

Deno.test("a machine between create and start, or without events, is not judged", () => {
  const cases: WireMachineEvent[][] = [
    [],
    [created],
    [event("create", "in progress")],
    [event("create", "new")],
    [created, event("start", "new")],
    [created, event("start", "in progress")],
    [created, event("start", "resting")],
    [event("snapshot-create", "error", { error: capacity })],
  ];
  for (const events of cases) {
    assert.deepEqual(decideBootFailure(events, now), { kind: "undecided" });
  }
});

Deno.test("a machine that ran was stopped; the newest start counts", () => {
  const started = event("start", "done", { dtCreated: now - 80_000 });
  const stopped = event("stop", "done", { dtCreated: now - 50_000 });
  assert.deepEqual(decideBootFailure([created, started, stopped], now), { kind: "stopped" });
  const failedAgain = event("start", "error", { dtCreated: now - 10_000, error: capacity });
  assert.equal(decideBootFailure([created, started, failedAgain], now).kind, "failed");
  const worked = event("start", "done", { dtCreated: now - 5_000 });
  assert.deepEqual(decideBootFailure([failedAgain, worked], now), { kind: "stopped" });
});

Deno.test("the order of events is irrelevant", () => {
  const events = [
    created,
    event("start", "error", { dtCreated: now - 40_000, error: capacity }),
    event("start", "done", { dtCreated: now - 20_000 }),
    event("stop", "done", { dtCreated: now - 10_000 }),
  ];
  fc.assert(fc.property(fc.shuffledSubarray(events, { minLength: 4 }), (shuffled) => {
    assert.deepEqual(decideBootFailure(shuffled, now), decideBootFailure(events, now));
  }));
});
