import assert from "node:assert/strict";
import { parseGpuQuery } from "../../../plugin/offers/gpu_query.ts";
import { toFilters } from "../../../plugin/offers/offer_filters.ts";
import { buildOffer } from "../../support/plugin_offers.ts";

Deno.test("toFilters() tells whose card it is", () => {
  const offers = ["A10-24GB", "MI300X-192GB", "H300"].map((gpu) =>
    buildOffer({ gpu, count: 1, perHour: "1.00", region: "us-east-1" })
  );
  const find = (text: string) => {
    const filters = toFilters({
      query: parseGpuQuery(text),
      provider: undefined,
      region: undefined,
      country: undefined,
      price: undefined,
      totalPrice: undefined,
      available: false,
    });
    return offers.filter((offer) => filters.every(({ keeps }) => keeps(offer)))
      .map(({ gpu }) => gpu?.model);
  };
  assert.deepEqual(find("amd"), ["MI300X-192GB"]);
  assert.deepEqual(find("nvidia"), ["A10-24GB", "H300"]);
  assert.deepEqual(find("intel"), []);
  assert.deepEqual(find("amd:8"), []);
});
