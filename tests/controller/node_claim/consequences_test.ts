import assert from "node:assert/strict";
import type { StockEntry } from "../../../controller/stock_memory.ts";
import { parseUsd } from "../../../schemas/money.ts";
import type { NodeClaimStatus } from "../../../schemas/node_claim.ts";
import {
  buildCondition,
  buildInstance,
  buildLaunch,
  buildOffer,
  buildSteps,
} from "../../support/controller_builders.ts";
import { ClaimBench } from "../../support/claim_bench.ts";
import { isWrite } from "../../support/controller_world.ts";

const launched: NodeClaimStatus = {
  launch: buildLaunch(),
  instanceID: "i-1",
  providerID: "lambda://us-east-1/i-1",
  steps: buildSteps({ Ordered: 0, Accepted: 0 }),
  conditions: [buildCondition("Launched")],
};
const offerId = buildOffer().id;
const neverRuns = (kind: "availability" | "unknown") =>
  buildInstance({
    state: "stopped",
    rawState: "off",
    bootFailure: { kind, message: "This machine type can't start" },
  });

/** Somebody else writes first, or the API server fails, or our process dies in front of it. */
const setbacks = { Conflict: 409, InternalError: 500 } as const;

Deno.test("a machine that the vendor has not after all ends its claim, and its offer counts as sold out", async () => {
  using bench = await ClaimBench.with(launched);
  bench.list(neverRuns("availability"));
  await bench.pass();
  assert.equal(bench.status.end?.reason, "OutOfCapacity");
  assert.deepEqual(bench.account().stock.get(offerId)?.message, "This machine type can't start");
  assert.deepEqual(bench.saved, ["lambda"]);
  const [note] = bench.world.notes;
  assert.deepEqual([note?.type, note?.reason], ["Warning", "OutOfCapacity"]);
  assert.match(note?.message ?? "", /This machine type can't start/);
  for (let pass = 0; pass < 3; pass++) await bench.pass();
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
  assert.deepEqual(bench.provider().launches, []);
  assert.equal(bench.account().stock.get(offerId)?.failures, 1);
});

const otherEnds = [
  ["cannot be started for another reason", neverRuns("unknown"), "BootFailed"],
  ["does not start in time", buildInstance({ state: "booting" }), "LaunchTimeout"],
] as const;

for (const [what, instance, reason] of otherEnds) {
  Deno.test(`a machine that ${what} keeps its offer from being tried again at once`, async () => {
    using bench = await ClaimBench.with(launched);
    if (reason === "LaunchTimeout") await bench.world.clock.advance(16 * 60_000);
    bench.list(instance);
    await bench.pass();
    assert.equal(bench.status.end?.reason, reason);
    assert.equal(bench.account().stock.get(offerId)?.failures, 1);
  });
}

Deno.test("a machine that ran and did not join says nothing about its offer", async () => {
  using bench = await ClaimBench.with({
    ...launched,
    steps: buildSteps({ Ordered: 0, Accepted: 0, Running: 1 }),
  });
  await bench.world.clock.advance(16 * 60_000);
  bench.list(buildInstance());
  await bench.pass();
  assert.equal(bench.status.end?.reason, "RegistrationTimeout");
  assert.equal(bench.account().stock.size, 0);
});

for (const [setback, code] of Object.entries(setbacks)) {
  Deno.test(`an end that could not be written (${setback}) is written by the next pass, with its consequences once`, async () => {
    using bench = await ClaimBench.with(launched);
    bench.list({ ...neverRuns("availability"), pricePerHour: parseUsd("1.50") });
    bench.world.onceBefore(
      isWrite("patch", "gpunodeclaims/status"),
      () => Response.json({ kind: "Status", reason: setback, code }, { status: code }),
    );
    await assert.rejects(bench.pass());
    assert.equal(bench.status.end, undefined);
    assert.equal(bench.account().stock.size, 0);
    assert.equal(bench.world.counted.get("tgp_price_differences_total"), undefined);
    for (let pass = 0; pass < 4; pass++) await bench.pass();
    assert.equal(bench.account().stock.get(offerId)?.failures, 1);
    assert.equal(bench.world.counted.get("tgp_price_differences_total"), 1);
    assert.deepEqual(bench.provider().launches, []);
    assert.deepEqual(bench.provider().terminated, ["i-1"]);
  });
}

Deno.test("a machine that was adopted and will never run ends its claim, and orders no other", async () => {
  using bench = await ClaimBench.with({ launch: buildLaunch({ outcome: "Unknown" }) });
  bench.list(neverRuns("availability"));
  for (let pass = 0; pass < 5; pass++) await bench.pass();
  assert.deepEqual(bench.provider().launches, []);
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
});

Deno.test("another price than at launch is told and counted once, with both amounts", async () => {
  using bench = await ClaimBench.with(launched);
  for (let look = 0; look < 4; look++) {
    bench.list(buildInstance({ pricePerHour: parseUsd("1.50") }));
    await bench.pass();
    await bench.world.clock.advance(10_000);
  }
  const told = bench.world.notes.filter(({ reason }) => reason === "PriceDiffers");
  assert.deepEqual(told.map(({ message }) => message), [
    "Bought at $1.29/h, and the cloud asks $1.50/h: limits and bill count what it asks",
  ]);
  assert.equal(bench.world.counted.get("tgp_price_differences_total"), 1);
  assert.equal(bench.status.prices?.at(-1)?.perHour, parseUsd("1.50"));
});

Deno.test("the price at launch is no difference", async () => {
  using bench = await ClaimBench.with(launched);
  bench.list(buildInstance());
  await bench.pass();
  assert.ok(!bench.world.reasons.includes("PriceDiffers"));
  assert.equal(bench.world.counted.get("tgp_price_differences_total"), undefined);
});

Deno.test("an offer whose machine runs is forgiven, one whose order was merely taken is not", async () => {
  using bench = await ClaimBench.with(launched);
  const entry = { failures: 3, until: 0, message: "sold out" };
  bench.account().stock = new Map([[offerId, entry]]);
  bench.list(buildInstance({ state: "booting", rawState: "booting" }));
  await bench.pass();
  assert.ok(bench.account().stock.has(offerId));
  bench.list(buildInstance());
  await bench.pass();
  assert.equal(bench.account().stock.has(offerId), false);
  assert.deepEqual(bench.saved, ["lambda"]);
});

Deno.test("an offer is kept away from ever longer that a cloud takes orders for and cannot keep", async () => {
  let stock: ReadonlyMap<string, StockEntry> = new Map();
  for (const failures of [1, 2, 3]) {
    using bench = await ClaimBench.create();
    bench.account().stock = stock;
    await bench.pass();
    assert.equal(bench.provider().launches.length, 1);
    bench.list(neverRuns("availability"));
    await bench.pass();
    stock = new Map([...bench.account().stock].map(([id, entry]) => [id, { ...entry, until: 0 }]));
    assert.equal(stock.get(offerId)?.failures, failures);
  }
});
