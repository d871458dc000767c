import assert from "node:assert/strict";
import { toPromptResponse } from "../../../../../controller/admission/serving/server/prompt_response.ts";

Deno.test("toPromptResponse() changes neither text, status nor headers", async () => {
  for (const length of [0, 1, 340, 341, 512, 513, 5_000]) {
    const text = "ü".repeat(length);
    const answer = await toPromptResponse(
      new Response(text, { status: 422, headers: { "content-type": "application/json", x: "y" } }),
    );
    assert.equal(answer.status, 422);
    assert.equal(answer.headers.get("content-type"), "application/json");
    assert.equal(answer.headers.get("x"), "y");
    assert.equal(await answer.text(), text);
  }
});

Deno.test("toPromptResponse() leaves answers without a body without one", async () => {
  const answer = await toPromptResponse(new Response(null, { status: 204 }));
  assert.equal(answer.status, 204);
  assert.equal(answer.body, null);
});

Deno.test("toPromptResponse() asks not to be compressed", async () => {
  const answer = await toPromptResponse(new Response("text"));
  assert.equal(answer.headers.get("cache-control"), "no-transform");
});

Deno.test("toPromptResponse() takes long answers to pieces", async () => {
  const { body } = await toPromptResponse(new Response("x".repeat(1_200)));
  assert.ok(body);
  const sizes: number[] = [];
  for await (const piece of body) sizes.push(piece.length);
  assert.deepEqual(sizes, [512, 512, 176]);
});
