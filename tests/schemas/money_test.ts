import assert from "node:assert/strict";
import fc from "fast-check";
import { minutes } from "../../schemas/duration.ts";
import {
  costUsd,
  displayUsd,
  divideUsd,
  formatUsd,
  type MicroUsd,
  multiplyUsd,
  parseUsd,
  positiveUsdSchema,
  sumUsd,
  usdFromCents,
  usdSchema,
} from "../../schemas/money.ts";

/** Any amount that has a notation. */
const amounts = fc.integer({ min: 0, max: 999_999_999_999_999 }).map((micros) =>
  parseUsd(`${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, "0")}`)
);

Deno.test("parseUsd() reads decimal strings exactly", () => {
  const cases = [["0", 0], ["2.39", 2_390_000], ["0.000001", 1], ["999999999.999999", 1e15 - 1]];
  for (const [text, micros] of cases) assert.equal(parseUsd(String(text)), micros);
});

for (
  const text of ["", "2,39", "$2.39", "-1", "1e3", "1.", ".5", "1.1234567", "NaN", "1234567890"]
) {
  Deno.test(`parseUsd() refuses "${text}", and says what to write`, () => {
    assert.throws(() => parseUsd(text), {
      name: "RangeError",
      message:
        `Cannot read price "${text}": write US dollars as a decimal string such as "2.39", at most six places`,
    });
  });
}

Deno.test("formatUsd() and parseUsd() are inverse", () => {
  fc.assert(fc.property(amounts, (amount) => assert.equal(parseUsd(formatUsd(amount)), amount)));
});

Deno.test("formatUsd() writes at least two places and no more than needed", () => {
  const written = ["2", "2.3", "2.39", "0.125", "0.000001"].map((text) =>
    formatUsd(parseUsd(text))
  );
  assert.deepEqual(written, ["2.00", "2.30", "2.39", "0.125", "0.000001"]);
});

Deno.test("displayUsd() rounds to cents", () => {
  assert.equal(displayUsd(parseUsd("12.345")), "$12.35");
  assert.equal(displayUsd(parseUsd("0.004")), "$0.00");
});

Deno.test("usdFromCents() is exact", () => {
  assert.equal(formatUsd(usdFromCents(239)), "2.39");
});

Deno.test("divideUsd() and multiplyUsd() round up, so that estimates err on the dear side", () => {
  assert.equal(formatUsd(divideUsd(parseUsd("1"), 3)), "0.333334");
  assert.equal(formatUsd(multiplyUsd(parseUsd("0.000001"), 1.5)), "0.000002");
  fc.assert(fc.property(amounts, fc.integer({ min: 1, max: 16 }), (amount, count) => {
    const part = divideUsd(amount, count);
    assert.ok(part * count >= amount && part * count < amount + count);
  }));
});

Deno.test("sumUsd() adds exactly what floating dollars would not", () => {
  assert.equal(formatUsd(sumUsd([parseUsd("0.1"), parseUsd("0.2")])), "0.30");
  assert.equal(sumUsd([]), 0);
});

Deno.test("costUsd() bills started increments", () => {
  const perHour = parseUsd("6");
  const cost = (ms: number) => formatUsd(costUsd(perHour, ms, minutes(1)));
  assert.deepEqual([cost(-5), cost(0), cost(1), cost(60_000), cost(60_001), cost(3_600_000)], [
    ...["0.00", "0.00", "0.10", "0.10", "0.20", "6.00"],
  ]);
});

Deno.test("costUsd() is never less than time times price, and at most one increment more", () => {
  const perHour = fc.integer({ min: 1, max: 100_000_000 }).map((micros) =>
    parseUsd(formatUsd(micros as MicroUsd))
  );
  fc.assert(fc.property(perHour, fc.integer({ min: 1, max: 1e9 }), (price, ms) => {
    const cost = costUsd(price, ms, 60_000);
    assert.ok(cost >= Math.floor(price * ms / 3_600_000));
    assert.ok(cost <= Math.ceil(price * (ms + 60_000) / 3_600_000));
  }));
});

Deno.test("usdSchema reads what it writes", () => {
  assert.equal(usdSchema.encode(usdSchema.decode("2.390")), "2.39");
});

Deno.test("positiveUsdSchema accepts exactly the amounts above zero that parseUsd() reads", () => {
  const texts = fc.oneof(
    amounts.map(formatUsd),
    fc.stringMatching(/^(0|[1-9]\d{0,9})(\.\d{1,7})?$/),
    fc.constantFrom("0", "0.0", "0.000000", "0.000001", "0.0000001", "999999999.999999", "abc"),
  );
  fc.assert(fc.property(texts, (text) => {
    let amount = 0;
    try {
      amount = parseUsd(text);
    } catch { /* Not an amount: must be refused as well. */ }
    assert.equal(positiveUsdSchema.safeParse(text).success, amount > 0, text);
  }));
});
