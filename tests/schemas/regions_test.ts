import assert from "node:assert/strict";
import { lambdaRegionCountries } from "../../providers/lambda/regions.ts";
import { continentOf } from "../../schemas/regions.ts";

Deno.test("every country of every cloud's regions has a continent", () => {
  for (const [region, country] of Object.entries(lambdaRegionCountries)) {
    assert.ok(continentOf(country), region);
  }
});

Deno.test("continentOf() knows no continent of unknown countries", () => {
  assert.equal(continentOf("us"), "na");
  assert.equal(continentOf("il"), "as");
  assert.equal(continentOf("zz"), undefined);
});
