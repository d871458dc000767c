import assert from "node:assert/strict";
import { findNearestMiss } from "../../scheduling/nearest_miss.ts";
import { compareByPrice, type OfferQuery, prepareQuery } from "../../scheduling/offers.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import { parseUsd } from "../../schemas/money.ts";
import { parseResources } from "../../schemas/quantity.ts";
import { buildOffer } from "../support/scheduling.ts";

const query: OfferQuery = {
  requirements: [],
  resources: parseResources({ "nvidia.com/gpu": "1" }),
  accounts: [{ name: "lambda", priority: 0 }],
};

function changeFor(
  offers: readonly ReturnType<typeof buildOffer>[],
  rest: Partial<OfferQuery>,
): string | undefined {
  const sorted = [...offers].sort(compareByPrice);
  return findNearestMiss(sorted, prepareQuery({ ...query, ...rest }))?.change;
}

const model = (value: string) => ({
  requirements: [{ key: labelKeys.gpuModel, operator: "In" as const, values: [value] }],
});
const cases: readonly [
  string,
  readonly Parameters<typeof buildOffer>[1][],
  Partial<OfferQuery>,
  RegExp,
][] = [
  [
    "a cap",
    [{ price: "2.79" }],
    { maxPerHour: parseUsd("2.00") },
    /^raise price.maxPerHour to 2.79 \(lambda us-east-1 gpu_1x_a10-24gb, \$2.79 an hour\)$/,
  ],
  [
    "a cap per GPU",
    [{ gpus: 2, price: "5.00" }],
    { maxPerGpuHour: parseUsd("2.00") },
    /^raise price.maxPerGpuHour to 2.50/,
  ],
  ["stock", [{ available: false }], {}, /^wait until it is in stock/],
  ["a refusal", [{}], { excluded: new Set(["of-0"]) }, /^wait until it is tried again/],
  ["a requirement", [{}], {
    requirements: [{ key: labelKeys.country, operator: "In", values: ["de", "fr"] }],
  }, /^allow "us" for tgp.io\/country, which must be in \(de, fr\)/],
  [
    "a mistyped key",
    [{}],
    { requirements: [{ key: "tgp.io/gpu-modle", operator: "Exists" }] },
    /^write tgp.io\/gpu-model instead of tgp.io\/gpu-modle/,
  ],
  ["a key that nobody knows", [{}], {
    requirements: [{ key: "acme.com/rack", operator: "Exists" }],
  }, /^drop requirement acme.com\/rack present: no offer has that label/],
  [
    "a mistyped value",
    [{ model: "H100-SXM5-80GB" }, { model: "L4-24GB", price: "0.10" }],
    model("H100-SXM5"),
    /^write "H100-SXM5-80GB" instead of "H100-SXM5" for tgp.io\/gpu-model/,
  ],
  [
    "an unknown model",
    [{ known: false, model: "B900" }],
    {},
    /^list "B900" by name in a requirement on tgp.io\/gpu-model/,
  ],
  [
    "an Arm machine",
    [{ arch: "arm64" }],
    {},
    /^list "arm64" by name in a requirement on kubernetes.io\/arch/,
  ],
  [
    "a request",
    [{ cpu: "26" }],
    { resources: parseResources({ cpu: "30" }) },
    /^ask for at most 26 of cpu instead of 30/,
  ],
  [
    "an account",
    [{}],
    { accounts: [{ name: "lambda", priority: 0, blocked: "quota used up" }] },
    /^make account "lambda" usable: quota used up/,
  ],
];
for (const [name, offers, rest, expected] of cases) {
  Deno.test(`findNearestMiss() explains ${name}`, () => {
    const built = offers.map((options, index) => buildOffer(`of-${index}`, options));
    assert.match(changeFor(built, rest) ?? "", expected);
  });
}

Deno.test("findNearestMiss() prefers one change to two, then the easier, then the cheaper offer", () => {
  const dear = buildOffer("of-dear", { price: "3.00" });
  const soldOut = buildOffer("of-gone", { price: "2.50", available: false });
  assert.match(changeFor([dear, soldOut], { maxPerHour: parseUsd("2.00") }) ?? "", /to 3.00/);
  const waits = buildOffer("of-wait", { price: "1.90", available: false });
  assert.match(changeFor([dear, waits], { maxPerHour: parseUsd("2.00") }) ?? "", /^wait/);
  const cheaper = buildOffer("of-cheap", { price: "2.20" });
  assert.match(changeFor([dear, cheaper], { maxPerHour: parseUsd("2.00") }) ?? "", /to 2.20/);
});

Deno.test("findNearestMiss() names the largest machine when all are too small", () => {
  const offers = [
    buildOffer("of-0", { gpus: 0, price: "0.10" }),
    buildOffer("of-1"),
    buildOffer("of-8", { gpus: 8, price: "6.00" }),
  ];
  const change = changeFor(offers, { resources: parseResources({ "nvidia.com/gpu": "16" }) });
  assert.match(change ?? "", /^ask for at most 8 of nvidia.com\/gpu instead of 16/);
});

Deno.test("findNearestMiss() joins the changes that are needed together", () => {
  const change = changeFor([buildOffer("of-1", { price: "3.00", available: false })], {
    maxPerHour: parseUsd("2.00"),
  });
  assert.match(change ?? "", /^raise price.maxPerHour to 3.00 and wait until it is in stock/);
});

Deno.test("findNearestMiss() never proposes an offer whose price is suspect", () => {
  assert.equal(changeFor([buildOffer("of-1", { suspect: "too cheap" })], {}), undefined);
});

Deno.test("findNearestMiss() never proposes an offer whose machine could not join", () => {
  const apart = buildOffer("of-1", { price: "0.10", notJoinable: "it runs containers" });
  assert.equal(changeFor([apart], {}), undefined);
  const dear = buildOffer("of-2", { price: "3.00" });
  assert.match(changeFor([apart, dear], { maxPerHour: parseUsd("2.00") }) ?? "", /^raise .* 3.00/);
});
