import assert from "node:assert/strict";
import { generateClients } from "../../generate/clients.ts";

Deno.test("generateClients() gives what is checked in, again and again", async () => {
  const files = await generateClients();
  const folder = await Array.fromAsync(Deno.readDir(new URL("../../generated/", import.meta.url)));
  const types = folder.filter(({ name }) => name.endsWith(".d.ts"));
  assert.deepEqual([...files.keys()], types.map(({ name }) => `generated/${name}`).sort());
  assert.ok(files.has("generated/lambda.d.ts"));
  for (const [path, content] of files) {
    const url = new URL(`../../${path}`, import.meta.url);
    assert.equal(await Deno.readTextFile(url), content, `${path}: run "deno task generate"`);
  }
  assert.deepEqual(await generateClients(), files);
});
