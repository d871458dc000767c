import assert from "node:assert/strict";
import fc from "fast-check";
import {
  selectCountries,
  toCountrySlots,
  toCountryStock,
  toDataCenterStock,
  toGpus,
} from "../../../../providers/runpod/graphql/catalog.ts";
import { catalogSchema, countryStockSchema } from "../../../../providers/runpod/graphql/wire.ts";

const type = {
  id: "NVIDIA L4",
  manufacturer: "Nvidia",
  memoryInGb: 24,
  secureCloud: true,
  communityCloud: true,
  securePrice: 0.44,
  communityPrice: 0.3,
  maxGpuCount: 10,
  maxGpuCountSecureCloud: 10,
  maxGpuCountCommunityCloud: 4,
};

function catalog(change: object) {
  return catalogSchema.parse({ gpuTypes: [type], dataCenters: [], ...change });
}

Deno.test("toGpus() takes what the cloud sells, with that cloud's price and sizes", () => {
  const [secure] = toGpus(catalog({}), "SECURE");
  const [community] = toGpus(catalog({}), "COMMUNITY");
  assert.deepEqual([secure?.pricePerGpu, secure?.maxCount], [440_000, 10]);
  assert.deepEqual([community?.pricePerGpu, community?.maxCount], [300_000, 4]);
});

Deno.test("toGpus() leaves out what is not for sale: stale prices, no price, the placeholder, holes", () => {
  const gpuTypes = [
    { ...type, communityCloud: false },
    { ...type, id: "no price", communityPrice: null },
    { ...type, id: "unknown" },
    { ...type, id: null },
    null,
  ];
  assert.deepEqual(toGpus(catalog({ gpuTypes }), "COMMUNITY"), []);
});

Deno.test("toDataCenterStock() keeps places that are listed and have stock", () => {
  const at = (available: boolean | null, stockStatus: string | null, gpuTypeId = "NVIDIA L4") => ({
    gpuTypeId,
    available,
    stockStatus,
  });
  const stock = toDataCenterStock(catalog({
    gpuTypes: [{ ...type, x1: { stockStatus: "Low", minVcpu: 8, minMemory: 0 } }],
    dataCenters: [
      { id: "eu-ro-1", listed: true, x1: [at(true, null), null], x2: [at(null, "Medium")] },
      { id: "US-OR-1", listed: false, x1: [at(true, "High")] },
      { id: "US-TX-3", listed: null, x1: [at(false, "None"), at(false, null), at(null, "Waxing")] },
      { id: null, listed: true, x1: [at(true, "High")] },
      null,
    ],
  }));
  assert.deepEqual(
    stock.map(({ place, count, word, available, least }) => [place, count, word, available, least]),
    [["EU-RO-1", 1, undefined, true, undefined], ["EU-RO-1", 2, "Medium", true, undefined]],
  );
});

Deno.test("selectCountries() asks for the wanted ones, or for all", () => {
  const codes = catalog({ countryCodes: ["US", null, "cz", "US"] });
  assert.deepEqual(selectCountries(codes, undefined), ["CZ", "US"]);
  assert.deepEqual(selectCountries(codes, ["FR"]), ["FR"]);
  assert.deepEqual(selectCountries(codes, ["EU-RO-1"]), []);
});

Deno.test("toCountrySlots() asks for every country, six at a time", () => {
  const countries = fc.uniqueArray(fc.stringMatching(/^[A-Z]{2}$/), { maxLength: 20 });
  fc.assert(fc.property(countries, (countries) => {
    const batches = toCountrySlots(countries);
    assert.equal(batches.length, Math.ceil(countries.length / 6));
    assert.deepEqual(
      [...new Set(batches.flatMap((slots) => Object.values(slots)))].sort(),
      [...countries].sort(),
    );
  }));
});

Deno.test("toCountryStock() reads each country once, and leaves out what has no stock", () => {
  const stock = toCountryStock(
    countryStockSchema.parse({
      gpuTypes: [{
        id: "NVIDIA L4",
        a1: { stockStatus: "High", minVcpu: 8, minMemory: 31 },
        a2: { stockStatus: null },
        b1: { stockStatus: "Low" },
        c1: { stockStatus: "Low" },
        d1: 17,
      }, null],
    }),
    { a: "CZ", b: "US", c: "US", d: "US", e: "US", f: "US" },
  );
  assert.deepEqual(stock.map(({ place, count, word }) => [place, count, word]), [[
    "CZ",
    1,
    "High",
  ]]);
});
