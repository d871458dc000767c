import assert from "node:assert/strict";
import { z } from "zod";
import { describeOffer, toChosenOffer } from "../../../controller/node_claim/chosen_offer.ts";
import { chosenOfferSchema } from "../../../schemas/node_claim.ts";
import { buildOffer } from "../../support/controller_builders.ts";

const withoutGpu = { ...buildOffer(), gpu: undefined };
const nowhere = buildOffer({
  location: { region: undefined, country: undefined, continent: undefined },
});

Deno.test("toChosenOffer() keeps what must outlive the catalog, and fits into a status", () => {
  const offer = buildOffer();
  const chosen = toChosenOffer(offer);
  assert.equal(chosen.pricePerHour, offer.price.perHour);
  assert.equal(chosen.billingIncrement, offer.price.billingIncrement);
  assert.deepEqual(chosen.capacity, offer.allocatable);
  assert.deepEqual(chosen.labels, offer.labels);
  for (const one of [offer, withoutGpu, nowhere]) {
    const written = z.encode(chosenOfferSchema, toChosenOffer(one));
    assert.deepEqual(chosenOfferSchema.parse(written), toChosenOffer(one));
  }
});

Deno.test("describeOffer() in words", () => {
  assert.equal(describeOffer(buildOffer()), "1x A10-24GB (gpu_1x_a10) in us-east-1 from lambda");
  assert.equal(describeOffer(withoutGpu), "(gpu_1x_a10) in us-east-1 from lambda");
  assert.equal(describeOffer(nowhere), "1x A10-24GB (gpu_1x_a10) from lambda");
});
