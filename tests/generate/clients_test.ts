import assert from "node:assert/strict";
import { generateClients } from "../../generate/clients.ts";

Deno.test("generateClients() gives what is checked in, again and again", async () => {
  const files = await generateClients();
  assert.deepEqual([...files.keys()], ["generated/lambda.d.ts"]);
  for (const [path, content] of files) {
    const url = new URL(`../../${path}`, import.meta.url);
    assert.equal(await Deno.readTextFile(url), content, `${path}: run "deno task generate"`);
  }
  assert.deepEqual(await generateClients(), files);
});
