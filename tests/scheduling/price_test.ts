import assert from "node:assert/strict";
import fc from "fast-check";
import {
  costBetween,
  mayHaveMachine,
  mayStillLaunch,
  type MeteredTime,
  meteredTimeOf,
  reservationPerHour,
  startOfUtcDay,
} from "../../scheduling/price.ts";
import { formatUsd, type MicroUsd, parseUsd } from "../../schemas/money.ts";
import { buildClaim, buildLaunch, terminated } from "../support/scheduling_claims.ts";

const hour = 3_600_000;
const minute = 60_000;

function metered(
  prices: readonly (readonly [number, string])[],
  rest: Partial<MeteredTime> = {},
): MeteredTime {
  return {
    prices: prices.map(([fromMs, perHour]) => ({ fromMs, perHour: parseUsd(perHour) })),
    endMs: undefined,
    billingIncrementMs: minute,
    ...rest,
  };
}

function cost(time: MeteredTime, from: number, until: number): string {
  return formatUsd(costBetween(time, from, until));
}

const costs: readonly [string, MeteredTime, number, number, string][] = [
  ["nothing before the first price", metered([[hour, "2.00"]]), 0, hour, "0.00"],
  ["nothing without prices", metered([]), 0, hour, "0.00"],
  ["one hour", metered([[0, "2.00"]]), 0, hour, "2.00"],
  ["a started minute in full", metered([[0, "6.00"]]), 0, 1, "0.10"],
  [
    "a started hour in full where hours are billed",
    metered([[0, "2.00"]], { billingIncrementMs: hour }),
    0,
    1,
    "2.00",
  ],
  ["until the end only", metered([[0, "2.00"]], { endMs: hour }), 0, 5 * hour, "2.00"],
  ["two prices one after the other", metered([[0, "2.00"], [hour, "3.00"]]), 0, 2 * hour, "5.00"],
  [
    "the dearer price in a minute that has both",
    metered([[0, "6.00"], [30_000, "12.00"]]),
    0,
    minute,
    "0.20",
  ],
  [
    "the dearer price also when it falls",
    metered([[0, "12.00"], [30_000, "6.00"]]),
    0,
    minute,
    "0.20",
  ],
  [
    "three prices in one hour at the dearest",
    metered([[0, "1.00"], [minute, "5.00"], [2 * minute, "2.00"]], { billingIncrementMs: hour }),
    0,
    hour,
    "5.00",
  ],
  ["only the part asked for", metered([[0, "2.00"]]), hour, 3 * hour, "4.00"],
  [
    "an hour begun before the part counts before it",
    metered([[0, "2.00"]], { billingIncrementMs: hour }),
    hour / 2,
    hour,
    "0.00",
  ],
];
for (const [name, time, from, until, expected] of costs) {
  Deno.test(`costBetween() bills ${name}`, () => assert.equal(cost(time, from, until), expected));
}

const segments = fc.array(
  fc.record({
    gap: fc.integer({ min: 1, max: 3 * hour }),
    cents: fc.integer({ min: 1, max: 5000 }),
  }),
  { minLength: 1, maxLength: 5 },
).map((steps) => {
  let at = 0;
  return steps.map(({ gap, cents }) => ({
    fromMs: at += gap,
    perHour: (cents * 10_000) as MicroUsd,
  }));
});
const time = fc.integer({ min: 0, max: 20 * hour });

Deno.test("costBetween() never falls with time, adds up, and is never below the exact price", () => {
  const increments = fc.constantFrom(1000, minute, hour);
  fc.assert(fc.property(segments, increments, time, time, (prices, billingIncrementMs, a, b) => {
    const [first, second] = a < b ? [a, b] : [b, a];
    const time = { prices, endMs: undefined, billingIncrementMs };
    const early = costBetween(time, 0, first);
    const late = costBetween(time, 0, second);
    assert.ok(early <= late);
    assert.equal(costBetween(time, first, second), late - early);
    let exact = 0;
    for (const [index, { fromMs, perHour }] of prices.entries()) {
      const until = Math.min(prices[index + 1]?.fromMs ?? second, second);
      exact += Math.max(0, until - fromMs) * perHour / hour;
    }
    assert.ok(late >= exact - 1e-6);
  }));
});

Deno.test("startOfUtcDay() is 00:00 UTC", () => {
  assert.equal(startOfUtcDay(Date.UTC(2026, 2, 1, 13, 5)), Date.UTC(2026, 2, 1));
  assert.equal(startOfUtcDay(Date.UTC(2026, 2, 1)), Date.UTC(2026, 2, 1));
});

const claims: readonly {
  readonly name: string;
  readonly claim: ReturnType<typeof buildClaim>;
  readonly machine: boolean;
  readonly launch: boolean;
  readonly reserves: string;
}[] = [
  { name: "new", claim: buildClaim(), machine: false, launch: true, reserves: "5.00" },
  {
    name: "made by hand, without ceiling",
    claim: buildClaim({}, { maxPricePerHour: undefined }),
    machine: false,
    launch: true,
    reserves: "0.00",
  },
  {
    name: "with an intent",
    claim: buildClaim({ launch: buildLaunch("Pending") }),
    machine: true,
    launch: false,
    reserves: "5.00",
  },
  {
    name: "with an intent dearer than its ceiling",
    claim: buildClaim({ launch: buildLaunch("Pending", "6.00") }),
    machine: true,
    launch: false,
    reserves: "6.00",
  },
  {
    name: "by hand, with an intent",
    claim: buildClaim({ launch: buildLaunch("Pending") }, { maxPricePerHour: undefined }),
    machine: true,
    launch: false,
    reserves: "2.00",
  },
  {
    name: "refused and walking on",
    claim: buildClaim({ launch: buildLaunch("Refused") }),
    machine: false,
    launch: true,
    reserves: "5.00",
  },
  {
    name: "of unknown outcome",
    claim: buildClaim({ launch: buildLaunch("Unknown") }),
    machine: true,
    launch: false,
    reserves: "5.00",
  },
  {
    name: "of unknown outcome, ending",
    claim: buildClaim({
      launch: buildLaunch("Unknown"),
      end: { reason: "LaunchTimeout", message: "" },
    }),
    machine: true,
    launch: false,
    reserves: "5.00",
  },
  {
    name: "abandoned",
    claim: buildClaim({
      launch: buildLaunch("Unknown"),
      end: { reason: "Abandoned", message: "" },
    }),
    machine: false,
    launch: false,
    reserves: "0.00",
  },
  {
    name: "without offers left",
    claim: buildClaim({
      launch: buildLaunch("Refused"),
      end: { reason: "NoOfferLeft", message: "" },
    }),
    machine: false,
    launch: false,
    reserves: "0.00",
  },
  {
    name: "deleted before launch",
    claim: buildClaim({}, {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    machine: false,
    launch: false,
    reserves: "0.00",
  },
  {
    name: "launched at a known price",
    claim: buildClaim({
      launch: buildLaunch("Launched"),
      instanceID: "i",
      prices: [{ from: "2026-01-01T00:00:00Z", perHour: parseUsd("2.00"), source: "Offer" }],
    }),
    machine: true,
    launch: false,
    reserves: "2.00",
  },
  {
    name: "whose price rose",
    claim: buildClaim({
      launch: buildLaunch("Launched"),
      instanceID: "i",
      prices: [{ from: "2026-01-01T00:00:00Z", perHour: parseUsd("2.00"), source: "Offer" }, {
        from: "2026-01-01T01:00:00Z",
        perHour: parseUsd("2.50"),
        source: "Instance",
      }],
    }),
    machine: true,
    launch: false,
    reserves: "2.50",
  },
  {
    name: "whose price fell",
    claim: buildClaim({
      launch: buildLaunch("Launched"),
      instanceID: "i",
      prices: [{ from: "2026-01-01T00:00:00Z", perHour: parseUsd("2.00"), source: "Offer" }, {
        from: "2026-01-01T01:00:00Z",
        perHour: parseUsd("1.50"),
        source: "Instance",
      }],
    }),
    machine: true,
    launch: false,
    reserves: "2.00",
  },
  {
    name: "ending with a machine",
    claim: buildClaim({
      launch: buildLaunch("Launched"),
      instanceID: "i",
      end: { reason: "Empty", message: "" },
      prices: [{ from: "2026-01-01T00:00:00Z", perHour: parseUsd("2.00"), source: "Offer" }],
    }),
    machine: true,
    launch: false,
    reserves: "2.00",
  },
  {
    name: "whose machine is gone",
    claim: buildClaim({
      launch: buildLaunch("Launched"),
      instanceID: "i",
      conditions: [terminated],
      prices: [{ from: "2026-01-01T00:00:00Z", perHour: parseUsd("2.00"), source: "Offer" }],
    }),
    machine: false,
    launch: false,
    reserves: "0.00",
  },
];
for (const { name, claim, machine, launch, reserves } of claims) {
  Deno.test(`reservationPerHour() of a claim ${name} is ${reserves}`, () => {
    assert.equal(mayHaveMachine(claim), machine);
    assert.equal(mayStillLaunch(claim), launch);
    assert.equal(formatUsd(reservationPerHour(claim)), reserves);
  });
}

Deno.test("meteredTimeOf() reads recorded prices, the increment and the confirmed end", () => {
  const prices = [{
    from: "2026-01-01T00:00:00Z",
    perHour: parseUsd("2.00"),
    source: "Offer" as const,
  }];
  const launch = buildLaunch("Launched");
  const running = meteredTimeOf(buildClaim({ launch, instanceID: "i", prices }));
  assert.deepEqual(running, metered([[Date.UTC(2026, 0, 1), "2.00"]]));
  const gone = meteredTimeOf(
    buildClaim({ launch, instanceID: "i", prices, conditions: [terminated] }),
  );
  assert.equal(gone.endMs, Date.UTC(2026, 0, 1, 3));
});

Deno.test("meteredTimeOf() bills an order of unknown outcome from its intent, at its price", () => {
  const unknown = meteredTimeOf(buildClaim({ launch: buildLaunch("Unknown") }));
  assert.deepEqual(unknown.prices, [{ fromMs: Date.UTC(2026, 0, 1), perHour: parseUsd("2.00") }]);
  assert.deepEqual(meteredTimeOf(buildClaim({ launch: buildLaunch("Refused") })).prices, []);
  assert.deepEqual(meteredTimeOf(buildClaim()).prices, []);
});
