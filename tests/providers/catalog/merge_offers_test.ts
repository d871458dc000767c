import assert from "node:assert/strict";
import fc from "fast-check";
import { mergeOffers } from "../../../providers/catalog/merge_offers.ts";
import { createOffer, offerArbitrary } from "./builders.ts";

Deno.test("mergeOffers() puts the cheapest first and takes each once, the later reading", () => {
  const old = createOffer({ perHour: "1.00", readAt: 1 });
  const fresh = createOffer({ perHour: "9.00", readAt: 2 });
  const other = createOffer({ account: "second", perHour: "5.00" });
  assert.deepEqual(mergeOffers([[fresh], [old, other]]), [other, fresh]);
  assert.deepEqual(mergeOffers([]), []);
});

Deno.test("mergeOffers() does not depend on the order of its input", () => {
  fc.assert(fc.property(fc.array(offerArbitrary, { maxLength: 20 }), (offers) => {
    const merged = mergeOffers([offers]);
    assert.deepEqual(mergeOffers([[...offers].reverse()]), merged);
    assert.deepEqual(mergeOffers(offers.map((offer) => [offer])), merged);
    assert.equal(new Set(merged.map((offer) => offer.id)).size, merged.length);
    for (let index = 1; index < merged.length; index++) {
      const [before, after] = [merged[index - 1], merged[index]];
      assert.ok((before?.price.perHour ?? 0) <= (after?.price.perHour ?? 0));
    }
  }));
});
