import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addPurchase,
  type Budget,
  checkPurchase,
  computeUsage,
  findReachedLimit,
  noUsage,
  type Purchase,
} from "../../scheduling/budget.ts";
import type { Limits } from "../../schemas/limits.ts";
import { formatUsd, type MicroUsd, parseUsd } from "../../schemas/money.ts";
import { formatResources, parseResources } from "../../schemas/quantity.ts";
import { buildClaim, buildLaunch, terminated } from "../support/scheduling_claims.ts";

const used = {
  nodes: 2,
  resources: parseResources({ "nvidia.com/gpu": "6" }),
  perHour: parseUsd("10.00"),
  spentToday: parseUsd("30.00"),
};
const purchase: Purchase = {
  resources: parseResources({ "nvidia.com/gpu": "2", cpu: "26" }),
  perHour: parseUsd("5.00"),
};

function budget(limits: Limits | undefined, rest: Partial<Budget> = {}): Budget {
  return { scope: "pool", name: "train", limits, usage: used, ...rest };
}

const cases: readonly [string, Limits | undefined, string | undefined][] = [
  ["no limits", undefined, undefined],
  ["empty limits", {}, undefined],
  ["room for one more node", { nodes: 3 }, undefined],
  ["no room for one more node", { nodes: 2 }, "nodes"],
  ["exactly enough GPUs", { resources: parseResources({ "nvidia.com/gpu": "8" }) }, undefined],
  ["one GPU too few", { resources: parseResources({ "nvidia.com/gpu": "7" }) }, "nvidia.com/gpu"],
  ["a resource the machine does not have, already used up", {
    resources: parseResources({ "amd.com/gpu": "0" }),
  }, undefined],
  ["exactly enough per hour", { spendPerHour: parseUsd("15.00") }, undefined],
  ["a cent too little per hour", { spendPerHour: parseUsd("14.99") }, "spendPerHour"],
  [
    "today's spend, an hour of all and the first hour",
    { spendPerDay: parseUsd("45.00") },
    undefined,
  ],
  ["a cent less than that", { spendPerDay: parseUsd("44.99") }, "spendPerDay"],
];
for (const [name, limits, expected] of cases) {
  Deno.test(`checkPurchase() with ${name}: ${expected ?? "allowed"}`, () => {
    assert.equal(checkPurchase([budget(limits)], purchase)?.limit, expected);
  });
}

Deno.test("checkPurchase() says what is used, wanted and allowed", () => {
  const messages = [
    { nodes: 2 },
    { resources: parseResources({ "nvidia.com/gpu": "7" }) },
    { spendPerHour: parseUsd("12.00") },
    { spendPerDay: parseUsd("44.00") },
  ].map((limits) => checkPurchase([budget(limits)], purchase)?.message);
  assert.deepEqual(messages, [
    'Limit nodes of pool "train" is 2: 2 exist or are on order, and this purchase would add 1',
    'Limit nvidia.com/gpu of pool "train" is 7: 6 exist or are on order, and this purchase would add 2',
    'Limit spendPerHour of pool "train" is $12.00: $10.00 an hour is reserved, and this purchase would add $5.00',
    'Limit spendPerDay of pool "train" is $44.00: $30.00 was spent since 00:00 UTC and $10.00 goes in the next hour, and this purchase would add $5.00 in its first hour',
  ]);
});

Deno.test("checkPurchase() asks every budget", () => {
  const budgets = [
    budget({ nodes: 9 }),
    budget({ spendPerHour: parseUsd("12.00") }, { scope: "class", name: "main" }),
  ];
  const refusal = checkPurchase(budgets, purchase);
  assert.equal(refusal?.scope, "class");
  assert.equal(refusal?.name, "main");
});

Deno.test("purchases that checkPurchase() allows never exceed a limit together", () => {
  const limits = fc.record({
    nodes: fc.integer({ min: 1, max: 10 }),
    spendPerHour: fc.integer({ min: 1, max: 100 }).map((n) => parseUsd(String(n))),
    spendPerDay: fc.integer({ min: 1, max: 100 }).map((n) => parseUsd(String(n))),
    resources: fc.integer({ min: 1, max: 20 }).map((n) => parseResources({ gpu: String(n) })),
  }, { requiredKeys: [] });
  const purchases = fc.array(
    fc.record({
      perHour: fc.integer({ min: 1, max: 30_000_000 }).map((n) => n as MicroUsd),
      resources: fc.integer({ min: 0, max: 8 }).map((n) => parseResources({ gpu: String(n) })),
    }),
    { maxLength: 20 },
  );
  fc.assert(fc.property(limits, purchases, (limits, list) => {
    let usage = noUsage;
    for (const wanted of list) {
      if (!checkPurchase([{ scope: "pool", name: "p", limits, usage }], wanted)) {
        usage = addPurchase(usage, wanted);
      }
    }
    assert.ok(usage.nodes <= (limits.nodes ?? Infinity));
    assert.ok(usage.perHour <= (limits.spendPerHour ?? Infinity));
    // After an hour everything bought has cost its price.
    assert.ok(usage.spentToday + usage.perHour <= (limits.spendPerDay ?? Infinity));
    assert.ok((usage.resources["gpu"] ?? 0) <= (limits.resources?.["gpu"] ?? Infinity));
  }));
});

const reached: readonly [Limits, string | undefined][] = [
  [{ nodes: 3 }, undefined],
  [{ nodes: 2 }, "nodes"],
  [{ resources: parseResources({ "nvidia.com/gpu": "6" }) }, "nvidia.com/gpu"],
  [{ resources: parseResources({ "nvidia.com/gpu": "7" }) }, undefined],
  [{ spendPerHour: parseUsd("10.00") }, "spendPerHour"],
  [{ spendPerDay: parseUsd("40.00") }, "spendPerDay"],
];
for (const [limits, expected] of reached) {
  Deno.test(`findReachedLimit() of ${JSON.stringify(limits)} is ${expected}`, () => {
    assert.equal(findReachedLimit(budget(limits))?.limit, expected);
  });
}

Deno.test("computeUsage() counts what exists, may exist or may still be ordered", () => {
  const prices = [{
    from: "2026-01-01T22:00:00Z",
    perHour: parseUsd("2.00"),
    source: "Offer" as const,
  }];
  const launch = buildLaunch("Launched");
  const now = Date.UTC(2026, 0, 2, 3);
  const usage = computeUsage({
    claims: [
      buildClaim(),
      buildClaim({ launch, instanceID: "i", prices }),
      buildClaim({ launch, instanceID: "i", prices, conditions: [terminated] }),
      buildClaim({ launch: buildLaunch("Refused"), end: { reason: "NoOfferLeft", message: "" } }),
    ],
    ledger: [{
      prices: [{ fromMs: Date.UTC(2026, 0, 1, 23), perHour: parseUsd("8.00") }],
      endMs: Date.UTC(2026, 0, 2, 1),
      billingIncrementMs: 60_000,
    }],
    now,
  });
  assert.equal(usage.nodes, 2);
  assert.deepEqual(formatResources(usage.resources), { "nvidia.com/gpu": "3", cpu: "52" });
  assert.equal(formatUsd(usage.perHour), "7.00");
  // Three hours of the running machine since midnight, one of the ended one.
  assert.equal(formatUsd(usage.spentToday), "14.00");
});

Deno.test("computeUsage() counts the largest machine that a claim may still get, if told", () => {
  const usage = computeUsage({
    claims: [buildClaim()],
    ledger: [],
    largestCandidate: () => parseResources({ "nvidia.com/gpu": "8" }),
    now: 0,
  });
  assert.deepEqual(formatResources(usage.resources), { "nvidia.com/gpu": "8" });
});
