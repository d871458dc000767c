import assert from "node:assert/strict";
import { createOutput } from "../../../sim/demo/output.ts";

function say(columns: number | undefined, text: string, indent?: number): string {
  let written = "";
  const output = createOutput({ write: (part) => written += part, columns, colour: false });
  output.line(text, "good", indent);
  return written;
}

Deno.test("createOutput() leaves lines for pipes whole", () => {
  const long = "word ".repeat(100).trimEnd();
  assert.equal(say(undefined, long, 4), `${long}\n`);
});

Deno.test("createOutput() goes on below, indented, where a terminal is too narrow", () => {
  assert.equal(
    say(20, "0h01m  pod  waits for a machine", 7),
    "0h01m  pod  waits\n       for a machine\n",
  );
  assert.equal(say(20, "fits the twenty here", 7), "fits the twenty here\n");
  for (const line of say(100, `0h01m   ${"sentence ".repeat(60)}`, 24).trimEnd().split("\n")) {
    assert.ok(line.length <= 100, line);
  }
});

Deno.test("createOutput() loses no word, whatever the width", () => {
  const text = "a  line, with-a-very-long-word-that-fits-nowhere and more  of it";
  for (let columns = 12; columns < 80; columns++) {
    const words = say(columns, text, 6).split(/\s+/).filter((word) => word !== "");
    assert.deepEqual(words, text.split(/\s+/), `${columns}`);
  }
});

Deno.test("createOutput() paints every line by itself", () => {
  let written = "";
  const output = createOutput({ write: (part) => written += part, columns: 10, colour: true });
  output.line("green for all of it", "good");
  assert.equal(written, "\x1b[32mgreen for\x1b[0m\n\x1b[32mall of it\x1b[0m\n");
});
