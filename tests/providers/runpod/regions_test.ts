import assert from "node:assert/strict";
import {
  isCountry,
  runpodCountries,
  runpodDataCenterCountries,
  toLocation,
  toRunpodPlace,
} from "../../../providers/runpod/regions.ts";

Deno.test("places are where they are, not where their letters seem to say", () => {
  const cases: Readonly<Record<string, readonly [string | undefined, string | undefined]>> = {
    "CA-MTL-1": ["ca", "na"],
    "US-CA-1": ["us", "na"],
    CA: ["ca", "na"],
    "US-IL-1": ["us", "na"],
    IL: ["il", "me"],
    "US-DE-1": ["us", "na"],
    "EU-RO-1": ["ro", "eu"],
    "EUR-IS-1": ["is", "eu"],
    "EUR-NO-2": ["no", "eu"],
    "AP-JP-1": ["jp", "as"],
    "AP-IN-1": ["in", "as"],
    "SEA-SG-1": ["sg", "as"],
    "OC-AU-1": ["au", "oc"],
    TT: ["tt", "na"],
    AR: ["ar", "sa"],
    // New, or none at all.
    "EU-XX-9": [undefined, undefined],
    XX: [undefined, undefined],
  };
  for (const [place, [country, continent]] of Object.entries(cases)) {
    const { region, country: found, continent: foundContinent, label } = toLocation(place);
    assert.deepEqual([region, found, foundContinent], [place, country, continent], place);
    assert.equal(label, `runpod-${place.toLowerCase()}`);
  }
});

Deno.test("every place of the tables has a country and a continent", () => {
  const places = [...Object.keys(runpodDataCenterCountries), ...runpodCountries];
  assert.equal(new Set(places.map((place) => toLocation(place).label)).size, places.length);
  for (const place of places) {
    const { country, continent } = toLocation(place);
    assert.ok(country !== undefined && continent !== undefined, place);
  }
});

Deno.test("places are always written in upper case", () => {
  assert.equal(toRunpodPlace(" eu-ro-1 "), "EU-RO-1");
  assert.equal(toLocation("eu-ro-1").region, "EU-RO-1");
});

Deno.test("a country has no dash", () => {
  assert.deepEqual(["CZ", "CA-MTL-1", "cz", "CZE"].map(isCountry), [true, false, false, false]);
});
