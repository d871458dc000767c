import assert from "node:assert/strict";
import fc from "fast-check";
import { type OfferQuery, selectOffers } from "../../scheduling/offers.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import { parseUsd } from "../../schemas/money.ts";
import { parseResources } from "../../schemas/quantity.ts";
import { buildOffer } from "../support/scheduling.ts";

const query: OfferQuery = {
  requirements: [],
  resources: parseResources({ "nvidia.com/gpu": "1" }),
  accounts: [{ name: "lambda", priority: 0 }],
};

function ids(offers: Parameters<typeof selectOffers>[0], rest: Partial<OfferQuery> = {}): string[] {
  return selectOffers(offers, { ...query, ...rest }).map(({ id }) => id);
}

Deno.test("selectOffers() ranks by account priority, then price", () => {
  const offers = [
    buildOffer("dear", { price: "3.00" }),
    buildOffer("cheap", { price: "1.00" }),
    buildOffer("first", { price: "9.00", account: "own" }),
  ];
  const accounts = [{ name: "lambda", priority: 0 }, { name: "own", priority: -1 }];
  assert.deepEqual(ids(offers, { accounts }), ["first", "cheap", "dear"]);
});

Deno.test("selectOffers() breaks ties by on-demand, fewer GPUs, id", () => {
  const offers = [
    buildOffer("of-d"),
    buildOffer("of-c", { capacityType: "spot" }),
    buildOffer("of-b", { gpus: 2 }),
    buildOffer("of-a"),
  ];
  const requirements = [{
    key: labelKeys.capacityType,
    operator: "In" as const,
    values: ["on-demand", "spot"],
  }];
  assert.deepEqual(ids(offers, { requirements }), ["of-a", "of-d", "of-b", "of-c"]);
});

Deno.test("selectOffers() ranks the same whatever the order of the catalog", () => {
  const offers = Array.from(
    { length: 12 },
    (_, index) => buildOffer(`of-${index}`, { price: String(1 + index % 3), gpus: 1 + index % 2 }),
  );
  fc.assert(fc.property(fc.shuffledSubarray(offers, { minLength: offers.length }), (shuffled) => {
    assert.deepEqual(ids(shuffled), ids(offers));
  }));
});

const removed: readonly [string, Parameters<typeof buildOffer>[1], Partial<OfferQuery>][] = [
  ["of unknown accounts", { account: "other" }, {}],
  ["of blocked accounts", {}, { accounts: [{ name: "lambda", priority: 0, blocked: "no money" }] }],
  ["that miss a requirement", {}, {
    requirements: [{ key: labelKeys.gpuModel, operator: "In", values: ["H100-SXM5-80GB"] }],
  }],
  ["of GPU models nobody knows", { known: false }, {}],
  ["of unknown models that are merely not excluded", { known: false }, {
    requirements: [{ key: labelKeys.gpuModel, operator: "NotIn", values: ["H100-SXM5-80GB"] }],
  }],
  ["for Arm that nobody asked for", { arch: "arm64" }, {}],
  ["for Arm that are merely not excluded", { arch: "arm64" }, {
    requirements: [{ key: labelKeys.arch, operator: "Exists" }],
  }],
  ["of spot machines that nobody asked for", { capacityType: "spot" }, {}],
  ["that are too small", {}, { resources: parseResources({ "nvidia.com/gpu": "2" }) }],
  ["without the resource", { gpus: 0 }, {}],
  ["whose machines could not join", { notJoinable: "it runs containers" }, {}],
  ["with suspect prices", { suspect: "a hundredth of last week's" }, {}],
  ["over the cap", { price: "2.01" }, { maxPerHour: parseUsd("2.00") }],
  ["over the cap per GPU", { gpus: 2, price: "4.01" }, { maxPerGpuHour: parseUsd("2.00") }],
  ["that are sold out", { available: false }, {}],
  ["that were refused", {}, { excluded: new Set(["of-1"]) }],
];
for (const [name, options, rest] of removed) {
  Deno.test(`selectOffers() leaves out offers ${name}`, () => {
    const other = buildOffer("of-2", { price: "1.00" });
    const accounts = rest.accounts ?? query.accounts;
    assert.ok(!ids([buildOffer("of-1", options), other], { ...rest, accounts }).includes("of-1"));
  });
}

const kept: readonly [string, Parameters<typeof buildOffer>[1], Partial<OfferQuery>][] = [
  ["of an unknown model that a requirement lists", { known: false, model: "B900" }, {
    requirements: [{ key: labelKeys.gpuModel, operator: "In", values: ["B900", "A10-24GB"] }],
  }],
  ["for Arm that a requirement lists", { arch: "arm64" }, {
    requirements: [{ key: labelKeys.arch, operator: "In", values: ["amd64", "arm64"] }],
  }],
  ["of spot machines that a requirement lists", { capacityType: "spot" }, {
    requirements: [{ key: labelKeys.capacityType, operator: "In", values: ["spot"] }],
  }],
  ["at exactly the cap", { price: "2.00" }, { maxPerHour: parseUsd("2.00") }],
  ["at exactly the cap per GPU", { gpus: 2, price: "4.00" }, { maxPerGpuHour: parseUsd("2.00") }],
  ["whose requirement a template label meets", {}, {
    requirements: [{ key: "team", operator: "In", values: ["ml"] }],
    labels: { team: "ml" },
  }],
  ["for linux, which all machines run", {}, {
    requirements: [{ key: labelKeys.os, operator: "In", values: ["linux"] }],
  }],
  ["without GPUs, to which a cap per GPU says nothing", { gpus: 0, price: "5.00" }, {
    resources: parseResources({ cpu: "1" }),
    maxPerGpuHour: parseUsd("2.00"),
  }],
];
for (const [name, options, rest] of kept) {
  Deno.test(`selectOffers() keeps offers ${name}`, () => {
    assert.deepEqual(ids([buildOffer("of-1", options)], rest), ["of-1"]);
  });
}
