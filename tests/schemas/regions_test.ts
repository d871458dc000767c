import assert from "node:assert/strict";
import { toLocation as toLambda } from "../../providers/lambda/map.ts";
import { lambdaRegionCountries } from "../../providers/lambda/regions.ts";
import { regionCodes, toLocation as toPaperspace } from "../../providers/paperspace/regions.ts";
import {
  runpodCountries,
  runpodDataCenterCountries,
  toLocation as toRunpod,
} from "../../providers/runpod/regions.ts";
import { continentOf } from "../../schemas/regions.ts";

Deno.test("every region of every cloud has a country and a continent, and a label of its own", () => {
  const locations = [
    ...Object.keys(lambdaRegionCountries).map(toLambda),
    ...regionCodes.map(toPaperspace),
    ...[...Object.keys(runpodDataCenterCountries), ...runpodCountries].map(toRunpod),
  ];
  assert.ok(locations.length > 80);
  for (const { country, continent, label } of locations) {
    assert.match(country ?? "", /^[a-z]{2}$/, label);
    assert.equal(continent, continentOf(country ?? ""), label);
    assert.ok(continent, label);
  }
  assert.equal(new Set(locations.map(({ label }) => label)).size, locations.length);
});

Deno.test("codes that mislead: one word, other places", () => {
  const place = ({ country, continent }: ReturnType<typeof toRunpod>) => `${country} ${continent}`;
  // Canada, and California three times.
  assert.deepEqual([toRunpod("CA"), toRunpod("CA-MTL-1")].map(place), ["ca na", "ca na"]);
  assert.deepEqual(
    [toRunpod("US-CA-1"), toPaperspace("ca1"), toPaperspace("West Coast (CA1)")]
      .map(place),
    ["us na", "us na", "us na"],
  );
  // Israel and Illinois.
  assert.deepEqual([toRunpod("IL"), toRunpod("US-IL-1")].map(place), ["il me", "us na"]);
  // Not AWS's and Google's places of these names.
  assert.deepEqual([toLambda("us-west-2"), toLambda("asia-northeast-1")].map(place), [
    "us na",
    "jp as",
  ]);
  // Europe, inside the union and outside it; the sea is Asia's.
  assert.deepEqual([toRunpod("EU-RO-1"), toRunpod("EUR-IS-1"), toRunpod("SEA-SG-1")].map(place), [
    "ro eu",
    "is eu",
    "sg as",
  ]);
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
