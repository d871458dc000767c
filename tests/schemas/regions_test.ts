import assert from "node:assert/strict";
import { lambdaRegionCountries } from "../../providers/lambda/regions.ts";
import { continentOf } from "../../schemas/regions.ts";

Deno.test("every country of every cloud's regions has a continent", () => {
  for (const [region, country] of Object.entries(lambdaRegionCountries)) {
    assert.ok(continentOf(country), region);
  }
});

Deno.test("continentOf() knows where countries are, and none of what is no country", () => {
  const cases: [string, string | undefined][] = [
    ["us", "na"],
    ["ca", "na"],
    ["br", "sa"],
    ["is", "eu"],
    ["no", "eu"],
    ["jp", "as"],
    ["sg", "as"],
    ["il", "me"],
    ["za", "af"],
    ["au", "oc"],
    ["US", undefined],
    ["eu", undefined],
    ["aq", undefined],
    ["", undefined],
  ];
  for (const [country, continent] of cases) assert.equal(continentOf(country), continent, country);
});
