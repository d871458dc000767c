import assert from "node:assert/strict";
import { roundAmount, sumAmounts } from "../../../plugin/output/amount.ts";

Deno.test("roundAmount() rounds to cents, but never something to nothing", () => {
  const rounded = ["2.390001", "2", "35.475", "0", "0.004", "0.000001"].map(roundAmount);
  assert.deepEqual(rounded, ["2.39", "2.00", "35.48", "0.00", "0.004", "0.000001"]);
});

Deno.test("sumAmounts() is exact", () => {
  assert.equal(sumAmounts(["0.1", "0.2", "0.000001"]), "0.300001");
  assert.equal(sumAmounts([]), "0");
});
