import assert from "node:assert/strict";
import fc from "fast-check";
import { toLabelValue } from "../../../providers/offers/label_value.ts";

Deno.test("toLabelValue() always gives a label value that a prefix can stand before", () => {
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 100 }), (text) => {
    assert.match(
      `lambda-x${toLabelValue(text)}`,
      /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
    );
  }));
});
