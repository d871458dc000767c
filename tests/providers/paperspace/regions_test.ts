import assert from "node:assert/strict";
import {
  isRegionCode,
  paperspaceRegions,
  regionCodes,
  toLocation,
  toRegionCode,
} from "../../../providers/paperspace/regions.ts";

Deno.test("toRegionCode() reads codes, long names and what is new", () => {
  for (const code of regionCodes) {
    assert.equal(toRegionCode(code), code);
    assert.equal(toRegionCode(code.toUpperCase()), code);
    assert.equal(toRegionCode(paperspaceRegions[code].longName), code);
    assert.equal(toRegionCode(paperspaceRegions[code].longName.toLowerCase()), code);
  }
  assert.equal(toRegionCode("Asia (SG-1) "), "sg-1");
  assert.equal(toRegionCode("somewhere"), "somewhere");
  assert.equal(toRegionCode(""), "");
});

Deno.test("isRegionCode() knows the table, and no names that every object has", () => {
  assert.ok(isRegionCode("ams1"));
  for (const text of ["AMS1", "sg1", "toString", "__proto__", ""]) assert.ok(!isRegionCode(text));
});

Deno.test("toLocation() puts CA1 into California, not into Canada, and passes on what is new", () => {
  assert.deepEqual(toLocation("West Coast (CA1)"), {
    region: "ca1",
    country: "us",
    continent: "na",
    label: "paperspace-ca1",
  });
  assert.deepEqual(toLocation("ams1"), {
    region: "ams1",
    country: "nl",
    continent: "eu",
    label: "paperspace-ams1",
  });
  assert.deepEqual(toLocation("Asia (SG1)"), {
    region: "sg1",
    country: undefined,
    continent: undefined,
    label: "paperspace-sg1",
  });
});
