import assert from "node:assert/strict";
import { createOfferScope } from "../../../controller/accounts/offer_scope.ts";
import { buildOffer } from "../../support/controller_builders.ts";

Deno.test("accounts of the same name in two classes have offers of their own", () => {
  const offers = [buildOffer(), buildOffer({ id: "of-2" })];
  const ids = ["one", "two"].flatMap((name) => createOfferScope(name)(offers).map(({ id }) => id));
  assert.equal(new Set(ids).size, 4);
});

Deno.test("an offer has the same id in every reading", () => {
  const scope = createOfferScope("one");
  const [first] = scope([buildOffer()]);
  assert.deepEqual(scope([buildOffer()]), [first]);
  assert.deepEqual(first, { ...buildOffer(), id: first?.id });
});
