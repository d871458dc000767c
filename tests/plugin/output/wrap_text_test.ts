import assert from "node:assert/strict";
import fc from "fast-check";
import { wrapText } from "../../../plugin/output/wrap_text.ts";

Deno.test("wrapText() breaks between words, and only where it must", () => {
  assert.deepEqual(wrapText("the key is accepted", 10), ["the key is", "accepted"]);
  assert.deepEqual(wrapText("the key is accepted", undefined), ["the key is accepted"]);
  assert.deepEqual(wrapText("a incomprehensible b", 5), ["a", "incomprehensible", "b"]);
  assert.deepEqual(wrapText("", 5), [""]);
});

Deno.test("wrapText() loses no word", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(words, fc.integer({ min: 12, max: 40 }), (list, width) => {
    const lines = wrapText(list.join(" "), width);
    assert.equal(lines.join(" "), list.join(" "));
    for (const line of lines) assert.ok(line.length <= width);
  }));
});
