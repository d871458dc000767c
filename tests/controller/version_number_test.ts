import assert from "node:assert/strict";
import { controllerVersion } from "../../controller/version_number.ts";

Deno.test("the controller's version is the repository's", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assert.equal(controllerVersion, config.version);
});
