import assert from "node:assert/strict";
import * as fc from "fast-check";
import { warn } from "../../../controller/admission/rules/violation.ts";
import { cutText, toWarningTexts } from "../../../controller/admission/warning_texts.ts";

Deno.test("toWarningTexts() makes one line of what is short, and two of what is long", () => {
  assert.deepEqual(toWarningTexts([warn("spec.a", "this is wrong", "do that")]), [
    "spec.a: this is wrong; do that",
  ]);
  const long = "so very long ".repeat(9).trim();
  assert.deepEqual(toWarningTexts([warn("spec.a", long, "do that")]), [
    `spec.a: ${long}`,
    "spec.a: do that",
  ]);
  assert.deepEqual(toWarningTexts([warn("", "all of it is wrong")]), ["all of it is wrong"]);
});

Deno.test("toWarningTexts() says how many more there are", () => {
  const many = Array.from({ length: 50 }, (_, index) => warn(`spec.a[${index}]`, "wrong"));
  const lines = toWarningTexts(many);
  assert.equal(lines.length, 21);
  assert.equal(lines.at(-1), "30 more warnings");
});

Deno.test("toWarningTexts() keeps to what every client shows, whatever is quoted", () => {
  const text = fc.string({ unit: "binary", maxLength: 600 });
  const violations = fc.array(
    fc.record({ path: text, message: text, remedy: fc.option(text, { nil: undefined }) }),
    { maxLength: 60 },
  );
  fc.assert(fc.property(violations, (parts) => {
    const lines = toWarningTexts(
      parts.map(({ path, message, remedy }) => warn(path, message, remedy)),
    );
    assert.ok(lines.length <= 21);
    assert.ok(lines.reduce((sum, line) => sum + line.length, 0) <= 4_096);
    for (const line of lines) {
      assert.ok(line.length <= 256);
      assert.ok(line.isWellFormed());
      // What Go's net.NewWarningHeader would refuse.
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f]/);
    }
  }));
});

Deno.test("cutText() cuts between words, and never in the middle of a character", () => {
  assert.equal(cutText("as it is", 20), "as it is");
  assert.equal(cutText("a sentence that is long", 16), "a sentence...");
  assert.equal(cutText("x".repeat(30), 10), "xxxxxxx...");
  assert.ok(cutText("😀".repeat(10), 10).isWellFormed());
});
