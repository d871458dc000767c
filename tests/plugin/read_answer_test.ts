import assert from "node:assert/strict";
import { readAnswer } from "../../plugin/read_answer.ts";

function typed(text: string | null) {
  return {
    readSync(buffer: Uint8Array) {
      if (text === null) return null;
      return new TextEncoder().encodeInto(text, buffer).written;
    },
  };
}

Deno.test("readAnswer() is the line that was typed", () => {
  assert.equal(readAnswer(typed("yes\n")), "yes");
  assert.equal(readAnswer(typed("  abc123 \r\n")), "abc123");
  assert.equal(readAnswer(typed("\n")), "");
  assert.equal(readAnswer(typed(null)), "");
});
