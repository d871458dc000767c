import assert from "node:assert/strict";
import fc from "fast-check";
import { gatePrices } from "../../../providers/catalog/gate_prices.ts";
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
