import assert from "node:assert/strict";
import fc from "fast-check";
import { formatTime, parseTime } from "../../schemas/conditions.ts";
import { timeSchema } from "../../schemas/time.ts";

Deno.test("timeSchema reads what we write, and Date reads what timeSchema takes", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
    assert.ok(timeSchema.safeParse(formatTime(ms)).success);
  }));
  fc.assert(
    fc.property(
      fc.stringMatching(
        /^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/,
      ),
      (text) => {
        assert.ok(timeSchema.safeParse(text).success);
        assert.ok(!Number.isNaN(parseTime(text)), text);
      },
    ),
  );
});
