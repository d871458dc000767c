import assert from "node:assert/strict";
import { cutText } from "../../controller/cut_text.ts";

Deno.test("cutText() keeps what fits and marks what was cut", () => {
  assert.equal(cutText("four", 4), "four");
  assert.equal(cutText("fifth", 4), "fif…");
});
