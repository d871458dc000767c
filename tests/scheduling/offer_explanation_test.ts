import assert from "node:assert/strict";
import { explainOffers } from "../../scheduling/offer_explanation.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import { parseUsd } from "../../schemas/money.ts";
import { parseResources } from "../../schemas/quantity.ts";
import { buildOffer } from "../support/scheduling.ts";

const query = {
  requirements: [{ key: labelKeys.gpuModel, operator: "In" as const, values: ["A10-24GB"] }],
  resources: parseResources({ "nvidia.com/gpu": "1" }),
  maxPerHour: parseUsd("1.00"),
  accounts: [{ name: "lambda", priority: 0 }],
};

Deno.test("explainOffers() counts what each rule removed first, in the order of the rules", () => {
  const offers = [
    buildOffer("of-1", { model: "H100-SXM5-80GB", price: "3.00" }),
    buildOffer("of-2", { model: "H100-SXM5-80GB", price: "2.00", available: false }),
    buildOffer("of-3", { price: "1.50" }),
    buildOffer("of-4", { price: "0.50", available: false }),
    buildOffer("of-5", { account: "other" }),
  ];
  const explanation = explainOffers(offers, query);
  assert.deepEqual(
    explanation.removed.map(({ filter, count, cheapest }) => [filter, count, cheapest.id]),
    [["account", 1, "of-5"], ["requirements", 2, "of-2"], ["maxPerHour", 1, "of-3"], [
      "available",
      1,
      "of-4",
    ]],
  );
  assert.equal(explanation.total, 5);
  assert.equal(explanation.matched, 0);
  assert.equal(explanation.nearestMiss?.offer.id, "of-4");
  assert.match(
    explanation.message,
    /^None of 5 offers fits \(1 of blocked accounts, 2 by requirements, 1 over the price cap, 1 sold out\); the smallest change that helps: wait until it is in stock/,
  );
});

Deno.test("explainOffers() tells how many fit, and no miss, when some do", () => {
  const offers = [buildOffer("of-1"), buildOffer("of-2", { price: "2.00" })];
  const explanation = explainOffers(offers, query);
  assert.equal(explanation.matched, 1);
  assert.equal(explanation.nearestMiss, undefined);
  assert.equal(explanation.message, "1 of 2 offers fit (left out: 1 over the price cap)");
});

Deno.test("explainOffers() says so when no offers are known", () => {
  assert.match(explainOffers([], query).message, /No offers are known/);
});

Deno.test("explainOffers() says why machines could not join", () => {
  const offers = [
    buildOffer("of-1", { notJoinable: "it runs containers" }),
    buildOffer("of-2", { available: false }),
  ];
  assert.match(
    explainOffers(offers, query).message,
    /^None of 2 offers fits \(1 that could not join the cluster \(it runs containers\), 1 sold out\)/,
  );
});
