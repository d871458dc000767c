import assert from "node:assert/strict";
import fc from "fast-check";
import type { RunpodCatalog, RunpodStock } from "../../../providers/runpod/api.ts";
import { diskPerHour, notJoinable, offeredDiskGb } from "../../../providers/runpod/facts.ts";
import { toOffers } from "../../../providers/runpod/offers.ts";
import { labels } from "../../../schemas/labels.ts";
import { usdFromDollars } from "../../../schemas/money.ts";

const gpu = {
  id: "NVIDIA L4",
  manufacturer: "NVIDIA",
  memoryGb: 24,
  pricePerGpu: usdFromDollars(0.44),
  maxCount: 2,
};
const context = { account: "runpod", places: undefined, readAt: 7 };

function stock(change: Partial<RunpodStock> = {}): RunpodStock {
  return {
    gpuId: "NVIDIA L4",
    count: 1,
    place: "EU-RO-1",
    available: true,
    word: "LOW",
    least: undefined,
    ...change,
  };
}

function offersOf(catalog: Partial<RunpodCatalog>, places?: readonly string[]) {
  return toOffers(
    { gpus: [gpu], stock: [], spotPrices: new Map(), ...catalog },
    { ...context, places },
  );
}

Deno.test("one row per size and place that is told apart; a size sold out everywhere has no place", () => {
  const offers = offersOf({ stock: [stock(), stock({ place: "US-OR-1", available: false })] });
  assert.deepEqual(
    offers.map((offer) => [offer.instanceType, offer.location.region, offer.available]),
    [
      ["1x NVIDIA L4", "EU-RO-1", true],
      ["1x NVIDIA L4", "US-OR-1", false],
      ["2x NVIDIA L4", undefined, false],
    ],
  );
  for (const offer of offers) assert.equal(offer.notJoinable, notJoinable);
});

Deno.test("the price is that of all GPUs and of the disk", () => {
  const [one, two] = offersOf({ stock: [stock(), stock({ count: 2 })] });
  assert.equal(one?.price.perHour, 440_000 + diskPerHour(offeredDiskGb));
  assert.equal(two?.price.perHour, 880_000 + diskPerHour(offeredDiskGb));
  assert.equal(two?.price.perGpuHour, Math.ceil((880_000 + diskPerHour(offeredDiskGb)) / 2));
  assert.deepEqual([one?.price.source, one?.price.readAt], ["api", 7]);
});

Deno.test("spot has rows of its own, where there is a price", () => {
  const spotPrices = new Map([["NVIDIA L4", usdFromDollars(0.2)]]);
  const offers = offersOf({ stock: [stock({ count: 2 })], spotPrices });
  const spot = offers.filter(({ capacityType }) => capacityType === "spot");
  assert.deepEqual(spot.map(({ available, price }) => [available, price.perHour]), [
    [false, 200_000 + diskPerHour(offeredDiskGb)],
    [true, 400_000 + diskPerHour(offeredDiskGb)],
  ]);
  assert.equal(new Set(offers.map(({ id }) => id)).size, offers.length);
});

Deno.test("only wanted places are offered", () => {
  const both = [stock(), stock({ place: "US-OR-1" })];
  const regions = (places: readonly string[]) =>
    offersOf({ gpus: [{ ...gpu, maxCount: 1 }], stock: both }, places)
      .map(({ location, available }) => [location.region, available]);
  assert.deepEqual(regions(["US-OR-1"]), [["US-OR-1", true]]);
  assert.deepEqual(regions(["EU-CZ-1"]), [[undefined, false]]);
});

Deno.test("vCPUs and memory are what RunPod says, else what it promised once", () => {
  const [said] = offersOf({ stock: [stock({ least: { vcpus: 12, memoryGb: 64 } })] });
  assert.equal(said?.capacity["cpu"], 12_000);
  assert.equal(said?.capacity["memory"], 59 * 1024 ** 3 * 1000);
  const [, unsaid] = offersOf({ stock: [stock(), stock({ count: 2 })] });
  assert.equal(unsaid?.capacity["cpu"], 4_000);
});

Deno.test("AMD's cards are no nvidia.com/gpu, and carry none of NVIDIA's labels", () => {
  const id = "AMD Instinct MI300X OAM";
  for (const [gpuId, manufacturer] of [[id, "AMD"], ["AMD Instinct MI400", "AMD"]] as const) {
    const [offer] = offersOf({
      gpus: [{ ...gpu, id: gpuId, manufacturer, memoryGb: 192, maxCount: 1 }],
      stock: [stock({ gpuId })],
    });
    assert.equal(offer?.capacity["amd.com/gpu"], 1_000);
    assert.equal(offer?.capacity["nvidia.com/gpu"], undefined);
    assert.equal(offer?.labels[labels.nvidiaCount], undefined);
  }
});

Deno.test("slices are offered under their own names, and told apart by their labels", () => {
  const slices = ["1g.24gb", "2g.48gb"].map((profile) =>
    `NVIDIA RTX PRO 6000 Blackwell Server Edition MIG ${profile}`
  );
  const offers = offersOf({ gpus: slices.map((id) => ({ ...gpu, id, maxCount: 1 })) });
  assert.deepEqual(offers.map((offer) => offer.gpu?.model), slices);
  assert.ok(offers.every((offer) => offer.gpu?.known === false));
  for (const key of [labels.instanceType, labels.gpuModel]) {
    assert.equal(new Set(offers.map((offer) => offer.labels[key])).size, 2, key);
  }
});

Deno.test("the order of an answer changes nothing, and no place shows twice", () => {
  const places = ["EU-RO-1", "US-OR-1", "CA-MTL-1", undefined];
  const entry = fc.record({
    gpuId: fc.constantFrom("NVIDIA L4", "NVIDIA A40"),
    count: fc.constantFrom(1, 2, 4),
    place: fc.constantFrom(...places),
  });
  const unique = fc.uniqueArray(entry, { selector: (row) => JSON.stringify(row) });
  fc.assert(fc.property(unique, (rows) => {
    const catalog = {
      gpus: [gpu, { ...gpu, id: "NVIDIA A40", maxCount: 8 }],
      stock: rows.map((row) => stock(row)),
    };
    const offers = offersOf(catalog);
    assert.deepEqual(
      offersOf({ gpus: catalog.gpus.toReversed(), stock: catalog.stock.toReversed() }),
      offers,
    );
    assert.equal(new Set(offers.map(({ id }) => id)).size, offers.length);
  }));
});
