import assert from "node:assert/strict";
import {
  findPriceDifference,
  followPrice,
  startBilling,
} from "../../../controller/node_claim/billing.ts";
import { formatTime } from "../../../schemas/conditions.ts";
import { parseUsd } from "../../../schemas/money.ts";
import {
  buildClaim,
  buildInfo,
  buildInstance,
  buildLaunch,
  buildSteps,
  testStart,
} from "../../support/controller_builders.ts";

const claim = buildClaim({
  launch: buildLaunch(),
  instanceID: "i-1",
  steps: buildSteps({ Accepted: 1 }),
});
const list = (offset: number, state: "booting" | "running") => ({
  startedAt: testStart + offset * 1000,
  instances: [buildInstance({ state })],
});

Deno.test("startBilling() starts with the last list that showed the machine booting", () => {
  const lists = [list(30, "running"), list(20, "booting"), list(10, "booting")];
  const [segment] = startBilling(claim, lists, buildInfo());
  assert.equal(segment?.from, formatTime(testStart + 20_000));
  assert.equal(segment?.perHour, parseUsd("1.29"));
});

Deno.test("startBilling() falls back to the acceptance, and starts there where a vendor bills the boot", () => {
  assert.equal(startBilling(claim, [], buildInfo())[0]?.from, formatTime(testStart + 1_000));
  const lists = [list(20, "booting")];
  const info = buildInfo({ billingStarts: "accepted" });
  assert.equal(startBilling(claim, lists, info)[0]?.from, formatTime(testStart + 1_000));
});

Deno.test("startBilling() keeps what is recorded", () => {
  const prices = startBilling(claim, [], buildInfo());
  const later = { ...claim, status: { ...claim.status, prices } };
  assert.equal(startBilling(later, [list(99, "booting")], buildInfo()), prices);
});

Deno.test("followPrice() adds a segment only when the vendor's price differs", () => {
  const prices = startBilling(claim, [], buildInfo());
  assert.equal(followPrice(prices, parseUsd("1.29"), testStart), prices);
  assert.equal(followPrice(prices, undefined, testStart), prices);
  const followed = followPrice(prices, parseUsd("1.50"), testStart + 60_000);
  assert.deepEqual(followed.at(-1), {
    from: formatTime(testStart + 60_000),
    perHour: parseUsd("1.50"),
    source: "Instance",
  });
});

Deno.test("followPrice() never has more segments than a status holds, and never bills less", () => {
  let prices = startBilling(claim, [], buildInfo());
  let dearest = 0;
  for (let reading = 1; reading <= 100; reading++) {
    const seen = parseUsd(reading % 2 === 0 ? "1.00" : `${reading}.50`);
    dearest = Math.max(dearest, seen);
    prices = followPrice(prices, seen, testStart + reading * 60_000);
  }
  assert.equal(prices.length, 32);
  assert.equal(prices.at(-1)?.perHour, dearest);
});

Deno.test("findPriceDifference() tells a price once, and again when it changes", () => {
  const at = (...dollars: string[]) => ({
    launch: buildLaunch(),
    prices: dollars.map((perHour, index) => ({
      from: formatTime(testStart + index * 1_000),
      perHour: parseUsd(perHour),
      source: index === 0 ? "Offer" as const : "Instance" as const,
    })),
  });
  const launched = parseUsd("1.29");
  assert.equal(findPriceDifference({}, at("1.29")), undefined);
  const first = { launched, asked: parseUsd("1.50") };
  assert.deepEqual(findPriceDifference(at("1.29"), at("1.29", "1.50")), first);
  assert.deepEqual(findPriceDifference({}, at("1.29", "1.50")), first);
  assert.equal(findPriceDifference(at("1.29", "1.50"), at("1.29", "1.50")), undefined);
  assert.deepEqual(findPriceDifference(at("1.29", "1.50"), at("1.29", "1.50", "1.00")), {
    launched,
    asked: parseUsd("1.00"),
  });
  assert.equal(
    findPriceDifference(at("1.29", "1.50"), at("1.29", "1.50", "1.29")),
    undefined,
    "back at the launch price",
  );
});
