import assert from "node:assert/strict";
import { cutText } from "../../controller/cut_text.ts";

Deno.test("cutText() keeps what fits and marks what was cut", () => {
  assert.equal(cutText("four", 4), "four");
  assert.equal(cutText("fifth", 4), "fif…");
});

Deno.test("cutText() leaves no half of a character", () => {
  assert.equal(cutText("ab😀c", 4), "ab\ufffd…");
  assert.equal(cutText("\ud83d", 4), "\ufffd");
});
