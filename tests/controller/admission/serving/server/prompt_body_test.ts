import assert from "node:assert/strict";
import { toPromptBody } from "../../../../../controller/admission/serving/server/prompt_body.ts";

Deno.test("toPromptBody() changes no text", async () => {
  for (const length of [0, 1, 340, 341, 512, 513, 5_000]) {
    const text = "ü".repeat(length);
    assert.equal(await new Response(toPromptBody(text)).text(), text);
  }
});

Deno.test("toPromptBody() takes long texts to pieces, and leaves short ones alone", async () => {
  assert.equal(toPromptBody("x".repeat(340)), "x".repeat(340));
  const body = toPromptBody("x".repeat(1_200));
  assert.ok(typeof body === "object");
  const sizes: number[] = [];
  for await (const piece of body) sizes.push(piece.length);
  assert.deepEqual(sizes, [512, 512, 176]);
});
