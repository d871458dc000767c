import assert from "node:assert/strict";
import fc from "fast-check";
import { OrderBudget } from "../../../controller/node_claim/order_budget.ts";
import type { LedgerLine } from "../../../controller/ledger.ts";
import { formatTime } from "../../../schemas/conditions.ts";
import { minutes } from "../../../schemas/duration.ts";
import type { Limits } from "../../../schemas/limits.ts";
import { type MicroUsd, parseUsd } from "../../../schemas/money.ts";
import type { GPUNodeClaim } from "../../../schemas/node_claim.ts";
import { wholeQuantity } from "../../../schemas/quantity.ts";
import {
  buildClaim,
  buildClass,
  buildLaunch,
  buildOffer,
  buildPool,
  testStart,
} from "../../support/controller_builders.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A budget over claims that a cache shows. */
function setUp(limits: { readonly pool?: Limits; readonly class?: Limits }) {
  const claims = new Map<string, GPUNodeClaim>();
  const lines: LedgerLine[] = [];
  const reader = <T>(objects: ReadonlyMap<string, T>) => ({
    get: (key: string) => objects.get(key),
    list: () => [...objects.values()],
  });
  const nodeClass = buildClass();
  const budget = new OrderBudget({
    clock: new FakeClock(testStart),
    claims: reader(claims),
    classes: reader(
      new Map([["default", {
        ...nodeClass,
        spec: { ...nodeClass.spec, ...(limits.class ? { limits: limits.class } : {}) },
      }]]),
    ),
    pools: reader(
      new Map([["gpu", buildPool(limits.pool ? { spec: { limits: limits.pool } } : {})]]),
    ),
    ledger: { linesOf: () => lines },
  });
  return {
    budget,
    lines,
    show: (claim: GPUNodeClaim) => void claims.set(claim.metadata.name, claim),
  };
}

const pooled = (name: string, status: GPUNodeClaim["status"] = {}) =>
  buildClaim(status, { metadata: { name } });

/** A claim that nobody planned: no pool, no ceiling. */
function byHand(name: string, status: GPUNodeClaim["status"] = {}): GPUNodeClaim {
  const claim = buildClaim(status, { metadata: { name } });
  const { nodePoolRef: _pool, maxPricePerHour: _ceiling, ...spec } = claim.spec;
  return { ...claim, spec };
}

function offerOf(gpus: number, price: string) {
  const perHour = parseUsd(price);
  const base = buildOffer();
  return buildOffer({
    gpu: { model: "A10-24GB", known: true, count: gpus, memoryGb: 24 },
    capacity: { "nvidia.com/gpu": wholeQuantity(gpus) },
    price: { ...base.price, perHour },
  });
}

function launchOf(gpus: number, price: string) {
  const launch = buildLaunch({ outcome: "Pending" });
  return {
    ...launch,
    offer: {
      ...launch.offer,
      gpuCount: gpus,
      capacity: { "nvidia.com/gpu": wholeQuantity(gpus) },
      pricePerHour: parseUsd(price),
    },
  };
}

Deno.test("check() lets everything pass without limits", () => {
  const { budget, show } = setUp({});
  for (let index = 0; index < 50; index++) {
    show(pooled(`c-${index}`, { launch: launchOf(8, "99") }));
  }
  assert.equal(budget.check(pooled("new"), offerOf(8, "99.00")), undefined);
});

Deno.test("check() holds a claim made by hand to the limits of its class", () => {
  const { budget, show } = setUp({ class: { spendPerHour: parseUsd("5.00") } });
  show(byHand("old", { launch: launchOf(1, "3.00") }));
  assert.equal(budget.check(byHand("new"), offerOf(1, "2.00")), undefined);
  const refusal = budget.check(byHand("new"), offerOf(1, "2.01"));
  assert.equal(refusal?.limit, "spendPerHour");
  assert.match(refusal?.message ?? "", /class "default" is \$5\.00/);
});

Deno.test("check() does not let a claim walk to a machine that is larger than a limit", () => {
  const { budget, show } = setUp({ pool: { resources: { "nvidia.com/gpu": wholeQuantity(8) } } });
  show(pooled("old", { launch: launchOf(4, "4.00") }));
  assert.equal(budget.check(pooled("new"), offerOf(4, "1.00")), undefined);
  assert.equal(budget.check(pooled("new"), offerOf(8, "1.00"))?.limit, "nvidia.com/gpu");
});

Deno.test("check() counts a claim's own ceiling, and not the claim itself", () => {
  const { budget, show } = setUp({ pool: { spendPerHour: parseUsd("2.00"), nodes: 1 } });
  const claim = pooled("new");
  show(claim);
  assert.equal(budget.check(claim, offerOf(1, "1.00")), undefined);
  const dear = { ...claim, spec: { ...claim.spec, maxPricePerHour: parseUsd("2.01") } };
  assert.equal(budget.check(dear, offerOf(1, "1.00"))?.limit, "spendPerHour");
});

Deno.test("check() counts what was spent today by machines that are gone", () => {
  const { budget, lines } = setUp({ class: { spendPerDay: parseUsd("10.00") } });
  assert.equal(budget.check(byHand("new"), offerOf(1, "3.00")), undefined);
  lines.push({
    claim: "gone",
    uid: "gone",
    nodeClass: "default",
    provider: "lambda",
    account: "lambda",
    instanceID: "i-1",
    instanceType: "gpu_1x_a10",
    region: "us-east-1",
    gpuCount: 1,
    prices: [{ from: formatTime(testStart - 7_200_000), perHour: parseUsd("8.00") }],
    until: formatTime(testStart + 3_600_000),
    billingIncrement: minutes(1),
    cost: parseUsd("24.00"),
    reason: "Empty",
    boot: "Completed",
  });
  const tomorrow = new FakeClock(testStart + 3_600_000);
  const later = new OrderBudget({
    ...setUp({}),
    clock: tomorrow,
    claims: { get: () => undefined, list: () => [] },
    classes: {
      get: () =>
        buildClass({ spec: { ...buildClass().spec, limits: { spendPerDay: parseUsd("10.00") } } }),
      list: () => [],
    },
    pools: { get: () => undefined, list: () => [] },
    ledger: { linesOf: () => lines },
  });
  assert.equal(later.check(byHand("new"), offerOf(1, "3.00"))?.limit, "spendPerDay");
});

Deno.test("reserve() counts until the cache shows the intent, release() takes it back", () => {
  const { budget, show } = setUp({ class: { nodes: 1 } });
  const [first, second] = [byHand("first"), byHand("second")];
  show(first);
  show(second);
  assert.equal(budget.check(second, offerOf(1, "1.00")), undefined);
  budget.reserve(first, launchOf(1, "1.00"));
  assert.equal(budget.check(second, offerOf(1, "1.00"))?.limit, "nodes");
  budget.release(first);
  assert.equal(budget.check(second, offerOf(1, "1.00")), undefined);
  budget.reserve(first, launchOf(1, "1.00"));
  show(byHand("first", { launch: { ...launchOf(1, "1.00"), outcome: "Refused" } }));
  assert.equal(budget.check(second, offerOf(1, "1.00")), undefined);
});

Deno.test("orders written side by side never pass a limit together, whatever the cache shows", () => {
  const order = fc.record({
    cents: fc.integer({ min: 1, max: 500 }),
    gpus: fc.constantFrom(1, 2, 4, 8),
    /** Whether the watch delivers the intent before the next order. */
    shown: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(order, { maxLength: 30 }), (orders) => {
      const limit = parseUsd("10.00");
      const gpuLimit = wholeQuantity(16);
      const { budget, show } = setUp({
        class: { spendPerHour: limit, resources: { "nvidia.com/gpu": gpuLimit } },
      });
      let perHour = 0;
      let gpus = 0;
      for (const [index, { cents, gpus: count, shown }] of orders.entries()) {
        const claim = byHand(`c-${index}`);
        show(claim);
        const price = (cents / 100).toFixed(2);
        const offer = offerOf(count, price);
        if (budget.check(claim, offer)) continue;
        const launch = launchOf(count, price);
        budget.reserve(claim, launch);
        if (shown) show(byHand(`c-${index}`, { launch }));
        perHour += offer.price.perHour;
        gpus += wholeQuantity(count);
      }
      assert.ok((perHour as MicroUsd) <= limit && gpus <= gpuLimit);
    }),
  );
});
