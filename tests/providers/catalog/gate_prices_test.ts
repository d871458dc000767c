import assert from "node:assert/strict";
import fc from "fast-check";
import type { Offer } from "../../../providers/contract.ts";
import { gatePrices } from "../../../providers/catalog/gate_prices.ts";
import { computeModelMedians } from "../../../providers/catalog/model_medians.ts";
import { reduceUsd } from "../../../providers/catalog/own_prices.ts";
import type { MicroUsd } from "../../../schemas/money.ts";
import { createOffer, offerArbitrary } from "./builders.ts";

/** Suspicions by instance type. */
function suspicions(offers: ReturnType<typeof gatePrices>): (string | undefined)[] {
  return offers.map((offer) => offer.price.suspect);
}

Deno.test("gatePrices() believes ordinary prices", () => {
  const offers = [
    createOffer(),
    createOffer({ instanceType: "cpu", model: undefined, perHour: "0.20" }),
  ];
  assert.deepEqual(gatePrices([], offers), offers);
});

Deno.test("gatePrices() does not believe zero", () => {
  assert.deepEqual(suspicions(gatePrices([], [createOffer({ perHour: "0" })])), [
    "the price is zero",
  ]);
});

Deno.test("gatePrices() does not believe less than 5 % of the model's median per GPU", () => {
  const next = [
    createOffer({ instanceType: "a", perHour: "4.00" }),
    createOffer({ instanceType: "b", perHour: "32.00", count: 8 }),
    createOffer({ instanceType: "c", perHour: "0.19" }),
    createOffer({ instanceType: "d", perHour: "0.20" }),
    createOffer({ instanceType: "e", perHour: "4.10" }),
  ];
  assert.deepEqual(suspicions(gatePrices([], next)), [
    undefined,
    undefined,
    "$0.19 per GPU-hour is less than 5 % of the model's median of $4.00",
    undefined,
    undefined,
  ]);
});

Deno.test("gatePrices() does not believe a change by more than half, until it is read again", () => {
  const cases: [string, boolean][] = [
    ["4.00", false],
    ["6.00", false],
    ["6.01", true],
    ["2.00", false],
    ["1.99", true],
  ];
  for (const [perHour, suspect] of cases) {
    const previous = [createOffer({ perHour: "4.00" })];
    const gated = gatePrices(previous, [createOffer({ perHour })]);
    assert.equal(gated[0]?.price.suspect !== undefined, suspect, perHour);
    assert.deepEqual(suspicions(gatePrices(gated, [createOffer({ perHour })])), [undefined]);
  }
  const [offer] = gatePrices([createOffer({ perHour: "4.00" })], [
    createOffer({ perHour: "40.00" }),
  ]);
  assert.equal(
    offer?.price.suspect,
    "changed from $4.00 to $40.00 per hour since the last read",
  );
});

Deno.test("gatePrices() compares a type that turns up in a new region with its price elsewhere", () => {
  const previous = [createOffer({ region: undefined, perHour: "4.00" })];
  const next = [createOffer({ region: "us-east-1", perHour: "40.00" })];
  assert.match(suspicions(gatePrices(previous, next))[0] ?? "", /changed from/);
});

Deno.test("gatePrices() compares a new region with the most similar price of the type", () => {
  const previous = [
    createOffer({ region: "us-east-1", perHour: "2.00" }),
    createOffer({ region: "us-west-1", perHour: "8.00" }),
  ];
  const cases: [string, boolean][] = [["1.99", false], ["8.10", false], ["0.90", true], [
    "12.10",
    true,
  ]];
  for (const [perHour, suspect] of cases) {
    const next = [createOffer({ region: "me-west-1", perHour })];
    for (const read of [previous, previous.toReversed()]) {
      assert.equal(suspicions(gatePrices(read, next))[0] !== undefined, suspect, perHour);
    }
  }
});

Deno.test("gatePrices() does not believe what comes after zero, until it is read again", () => {
  const read = (perHour: string) => [createOffer({ perHour })];
  const zero = gatePrices(read("4.00"), read("0"));
  const after = gatePrices(zero, read("0.40"));
  assert.deepEqual(suspicions(after), ["the price was zero at the last read"]);
  assert.deepEqual(suspicions(gatePrices(after, read("0.40"))), [undefined]);
});

Deno.test("gatePrices() does not believe what is no number", () => {
  const offer = createOffer();
  for (const perHour of [NaN, -1]) {
    const next = [{ ...offer, price: { ...offer.price, perHour: perHour as MicroUsd } }];
    assert.deepEqual(suspicions(gatePrices([], next)), ["the price is zero"]);
  }
});

Deno.test("gatePrices() asks the other accounts what a model costs", () => {
  const slipped = [createOffer({ account: "runpod", provider: "runpod", perHour: "0.04" })];
  const others = [
    createOffer({ perHour: "4.00" }),
    createOffer({ account: "paperspace", provider: "paperspace", perHour: "5.95" }),
  ];
  assert.deepEqual(suspicions(gatePrices([], slipped)), [undefined]);
  assert.deepEqual(suspicions(gatePrices([], slipped, others)), [
    "$0.04 per GPU-hour is less than 5 % of the model's median of $4.00",
  ]);
  assert.deepEqual(suspicions(gatePrices([], others, slipped)), [undefined, undefined]);
});

Deno.test("gatePrices() does not let hundreds of wrong rows of one cloud outvote another", () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    createOffer({
      account: "runpod",
      provider: "runpod",
      instanceType: `type-${index}`,
      perHour: "0.04",
    }));
  const gated = gatePrices([], many, [createOffer({ perHour: "4.00" })]);
  assert.ok(gated.every(({ price }) => price.suspect !== undefined));
});

Deno.test("gatePrices() lets no price in doubt vouch for another", () => {
  const previous = [createOffer({ instanceType: "a", perHour: "4.00" })];
  const next = [
    createOffer({ instanceType: "a", perHour: "0.04" }),
    createOffer({ instanceType: "b", perHour: "0.04" }),
  ];
  const others = [createOffer({ account: "second", instanceType: "c", perHour: "4.00" })];
  assert.deepEqual(suspicions(gatePrices(previous, next, others)), [
    "changed from $4.00 to $0.04 per hour since the last read",
    "$0.04 per GPU-hour is less than 5 % of the model's median of $4.00",
  ]);
});

Deno.test("computeModelMedians() takes each cloud's median, of two the dearer", () => {
  const offers = [
    ...["1.00", "2.00", "30.00"].map((perHour, index) =>
      createOffer({ instanceType: `a${index}`, perHour })
    ),
    createOffer({ provider: "runpod", instanceType: "b", count: 8, perHour: "24.00" }),
    createOffer({ provider: "runpod", instanceType: "c", perHour: "0" }),
    createOffer({ instanceType: "cpu", model: undefined, perHour: "0.10" }),
  ];
  assert.deepEqual([...computeModelMedians(offers)], [["H100-SXM5-80GB", 3_000_000]]);
  assert.deepEqual([...computeModelMedians([])], []);
});

const readings = fc.uniqueArray(offerArbitrary, { maxLength: 12, selector: ({ id }) => id });

Deno.test("what gatePrices() believes is not zero, no fraction of the median, no sudden change", () => {
  fc.assert(fc.property(readings, readings, readings, (previous, next, others) => {
    const gated = gatePrices(previous, next, others);
    const believed = gated.filter(({ price }) => price.suspect === undefined);
    const vouching = gated.filter(({ price }) => /median|^$/.test(price.suspect ?? ""));
    const medians = computeModelMedians([...vouching, ...others]);
    for (const { id, gpu, price } of believed) {
      assert.ok(price.perHour > 0);
      const before = previous.find((offer) => offer.id === id)?.price.perHour;
      if (before !== undefined) assert.ok(Math.abs(price.perHour - before) <= before / 2);
      if (gpu) assert.ok(price.perGpuHour >= (medians.get(gpu.model) ?? NaN) * 0.05);
    }
  }));
});

Deno.test("gatePrices() does not depend on the order of anything", () => {
  fc.assert(fc.property(readings, readings, readings, (previous, next, others) => {
    const verdicts = (offers: readonly Offer[]) =>
      new Map(offers.map(({ id, price }) => [id, price.suspect]));
    const reversed = gatePrices(previous.toReversed(), next.toReversed(), others.toReversed());
    assert.deepEqual(verdicts(reversed.toReversed()), verdicts(gatePrices(previous, next, others)));
  }));
});

Deno.test("gatePrices() believes a change that was read twice, but for zeros and fractions", () => {
  fc.assert(fc.property(readings, readings, (previous, next) => {
    const twice = gatePrices(gatePrices(previous, next), next);
    for (const suspicion of suspicions(twice)) assert.doesNotMatch(suspicion ?? "", /last read/);
  }));
});

Deno.test("gatePrices() judges what is listed, not what is paid", () => {
  const pay = (percent: number) => (offer: Offer): Offer => ({
    ...offer,
    price: {
      ...offer.price,
      perHour: reduceUsd(offer.price.perHour, percent),
      perGpuHour: reduceUsd(offer.price.perGpuHour, percent),
      listPerHour: offer.price.perHour,
    },
  });
  const percents = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }));
  fc.assert(fc.property(readings, readings, percents, (previous, next, [before, now]) => {
    assert.deepEqual(
      suspicions(gatePrices(previous.map(pay(before)), next.map(pay(now)))),
      suspicions(gatePrices(previous, next)),
    );
  }));
});

Deno.test("gatePrices() changes nothing but suspicion, and never lets zero through", () => {
  const list = fc.array(offerArbitrary, { maxLength: 12 });
  fc.assert(fc.property(list, list, (previous, next) => {
    const gated = gatePrices(previous, next);
    assert.deepEqual(
      gated.map(({ price: { suspect: _, ...price }, ...offer }) => ({ ...offer, price })),
      next,
    );
    for (const offer of gated) {
      if (offer.price.perHour === 0) assert.ok(offer.price.suspect);
    }
  }));
});
