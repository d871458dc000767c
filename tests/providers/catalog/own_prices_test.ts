import assert from "node:assert/strict";
import fc from "fast-check";
import { reduceUsd, withOwnPrices } from "../../../providers/catalog/own_prices.ts";
import type { Instance, Offer, Provider } from "../../../providers/contract.ts";
import { ProviderError } from "../../../providers/errors.ts";
import { createProvider } from "../../../providers/registry.ts";
import { silentLog } from "../../../runtime/log.ts";
import { silentMetrics } from "../../../runtime/metrics.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import { selectOffers } from "../../../scheduling/offers.ts";
import { formatUsd, type MicroUsd, parseUsd } from "../../../schemas/money.ts";
import { buildInfo } from "../../support/controller_builders.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { providerError, ScriptedProvider } from "../../support/scripted_provider.ts";
import { lambdaEntry } from "../lambda/lambda_world.ts";
import { createOffer, offerArbitrary } from "./builders.ts";

const never = new AbortController().signal;
const amounts = fc.integer({ min: 0, max: 1e12 }).map((micros) => micros as MicroUsd);
const percents = fc.integer({ min: 0, max: 90 });

function sell(offers: readonly Offer[]): ScriptedProvider {
  const provider = new ScriptedProvider("lambda");
  provider.offers = offers;
  return provider;
}

Deno.test("reduceUsd() is exact, rounds up, and never goes below zero", () => {
  const cases: [string, number, string][] = [
    ["2.39", 0, "2.39"],
    ["1.10", 7, "1.023"],
    ["32.00", 10, "28.80"],
    ["0.000001", 90, "0.000001"],
    ["0.000011", 50, "0.000006"],
    ["0.00", 50, "0.00"],
  ];
  for (const [listed, percent, paid] of cases) {
    assert.equal(formatUsd(reduceUsd(parseUsd(listed), percent)), paid);
  }
  fc.assert(fc.property(amounts, percents, (amount, percent) => {
    const paid = reduceUsd(amount, percent);
    assert.ok(Number.isSafeInteger(paid) && paid >= 0 && paid <= amount);
    const exact = BigInt(amount) * BigInt(100 - percent);
    assert.equal(BigInt(paid), (exact + 99n) / 100n);
    assert.equal(paid === 0, amount === 0);
  }));
});

Deno.test("reduceUsd() keeps the order of prices, and a larger discount is never dearer", () => {
  fc.assert(fc.property(amounts, amounts, percents, percents, (one, other, percent, more) => {
    if (one <= other) assert.ok(reduceUsd(one, percent) <= reduceUsd(other, percent));
    if (percent <= more) assert.ok(reduceUsd(one, more) <= reduceUsd(one, percent));
  }));
});

Deno.test("withOwnPrices() reduces offers, keeps what is listed, and changes nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(offerArbitrary, { maxLength: 8 }), percents, async (offers, cut) => {
      const own = await withOwnPrices(sell(offers), cut).listOffers({}, never);
      assert.equal(own.length, offers.length);
      for (const [index, { price, ...rest }] of own.entries()) {
        const { price: listed, ...same } = offers[index] ?? createOffer();
        assert.deepEqual(rest, same);
        if (cut === 0) assert.deepEqual(price, listed);
        else {
          assert.deepEqual(price, {
            ...listed,
            perHour: reduceUsd(listed.perHour, cut),
            perGpuHour: reduceUsd(listed.perGpuHour, cut),
            listPerHour: listed.perHour,
          });
        }
        assert.ok(price.perGpuHour * (rest.gpu?.count ?? 1) >= price.perHour);
      }
    }),
  );
});

Deno.test("withOwnPrices() reduces machines, where the vendor says what it lists for them", async () => {
  const machine = (pricePerHour: string | undefined): Instance => ({
    id: "i-1",
    name: undefined,
    state: "running",
    rawState: "active",
    ownership: { kind: "foreign" },
    instanceType: "a",
    region: undefined,
    addresses: [],
    pricePerHour: pricePerHour === undefined ? undefined : parseUsd(pricePerHour),
    providerID: "lambda:///i-1",
    launchedAt: undefined,
  });
  const provider = sell([]);
  provider.instances = [machine("4.00"), machine(undefined)];
  const own = withOwnPrices(provider, 25);
  assert.deepEqual(await own.listInstances(never), [machine("3.00"), machine(undefined)]);
  assert.deepEqual(await own.getInstance("i-1", never), machine("3.00"));
  assert.equal(await own.getInstance("i-2", never), null);

  // What is billed has the discount in it, and would be booked too low.
  provider.facts = buildInfo({ instancePrices: "billed" });
  assert.deepEqual(await own.listInstances(never), provider.instances);
  assert.deepEqual(await own.getInstance("i-1", never), machine("4.00"));
});

Deno.test("withOwnPrices() reduces what getPricing() says, as it does offers", async () => {
  const [offer] = [createOffer({ count: 8, perHour: "31.99" })];
  const provider: Provider = Object.assign(sell([offer]), {
    getPricing: () => Promise.resolve(offer.price),
  });
  const own = withOwnPrices(provider, 15);
  const [reduced] = await own.listOffers({}, never);
  assert.deepEqual(await own.getPricing("H100-SXM5-80GB", "us-east-1", never), reduced?.price);
});

Deno.test("offers rank by what is paid, not by what is listed", async () => {
  const cheap = createOffer({ account: "list", perHour: "3.00" });
  const dear = createOffer({ account: "own", perHour: "4.00" });
  const rank = async (percent: number) => {
    const offers = [
      ...await sell([cheap]).listOffers(),
      ...await withOwnPrices(sell([dear]), percent).listOffers({}, never),
    ];
    const accounts = [{ name: "list", priority: 0 }, { name: "own", priority: 0 }];
    return selectOffers(offers, { requirements: [], resources: {}, accounts })
      .map(({ account }) => account);
  };
  assert.deepEqual(await rank(0), ["list", "own"]);
  assert.deepEqual(await rank(25), ["list", "own"]);
  assert.deepEqual(await rank(26), ["own", "list"]);
});

Deno.test("withOwnPrices() hands everything else through, arguments and answers alike", () => {
  const echo = new Proxy(sell([]), {
    get: (target, key) =>
      key === "account" ? target.account : (...args: unknown[]) => [key, ...args],
  });
  const own = withOwnPrices(echo, 10);
  const priced = ["constructor", "listOffers", "getPricing", "listInstances", "getInstance"];
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(own));
  const untouched = names.filter((name) => !priced.includes(name));
  assert.ok(untouched.includes("launch") && untouched.includes("terminate"));
  for (const name of untouched) {
    const method: unknown = Reflect.get(own, name);
    assert.ok(typeof method === "function");
    const args = ["one", "two", "three"].slice(0, method.length);
    assert.deepEqual(Reflect.apply(method, own, args), [name, ...args]);
  }
});

Deno.test("withOwnPrices() lets failures through as they are", async () => {
  const provider = sell([]);
  const failure = providerError("transient");
  provider.offers = failure;
  provider.instances = failure;
  const own = withOwnPrices(provider, 10);
  for (const call of [own.listOffers({}, never), own.listInstances(never)]) {
    await assert.rejects(call, (error) => error === failure && error instanceof ProviderError);
  }
});

Deno.test("withOwnPrices() refuses discounts that are none, and needs no wrapping for zero", () => {
  const provider = sell([]);
  assert.equal(withOwnPrices(provider, 0), provider);
  for (const percent of [-1, 91, 12.5, NaN]) {
    assert.throws(() => withOwnPrices(provider, percent), {
      name: "RangeError",
      message:
        `Cannot reduce prices of account "lambda" by ${percent} %: write a whole number from 0 to 90`,
    });
  }
});

Deno.test("createProvider() sells at the entry's own prices", async () => {
  const fetch = () =>
    Promise.resolve(
      new Response(JSON.stringify({
        data: {
          gpu_1x_a10: {
            instance_type: {
              name: "gpu_1x_a10",
              description: "1x A10",
              gpu_description: "A10 (24 GB PCIe)",
              price_cents_per_hour: 100,
              specs: { vcpus: 30, memory_gib: 200, storage_gib: 1400, gpus: 1 },
            },
            regions_with_capacity_available: [{ name: "us-east-1", description: "" }],
          },
        },
      })),
    );
  const priceAt = async (discountPercent: number | undefined) => {
    const provider = createProvider(
      lambdaEntry(discountPercent === undefined ? {} : { discountPercent }),
      {
        apiKey: "key",
        clusterId: "abc123",
        fetch,
        clock: new FakeClock(),
        random: createSeededRandom(1),
        log: silentLog,
        metrics: silentMetrics,
      },
    );
    const [offer] = await provider.listOffers({}, never);
    return formatUsd(offer?.price.perHour ?? parseUsd("0"));
  };
  assert.equal(await priceAt(undefined), "1.00");
  assert.equal(await priceAt(0), "1.00");
  assert.equal(await priceAt(30), "0.70");
});
