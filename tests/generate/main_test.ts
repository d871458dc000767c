import assert from "node:assert/strict";
import { main } from "../../generate/main.ts";

Deno.test("main() finds the committed files as generated", async () => {
  assert.equal(await main(["--check"]), 0);
});

Deno.test("main() refuses arguments it does not know", async () => {
  assert.equal(await main(["--chek"]), 2);
});
