import assert from "node:assert/strict";
import { celList, celMatches, celString } from "../../../schemas/rules/cel.ts";
import { listBroken } from "../../support/rule_judge.ts";

Deno.test("literals come out of CEL as they went in", () => {
  for (const text of ["plain", "it's", "a\\b", `'"'`, "\\d+\\.", "'\\'"]) {
    const rule = `self.text == ${celString(text)} && self.text in ${celList(["x", text])}`;
    assert.deepEqual(listBroken([{ rule, message: "differs" }], { text }), [], text);
  }
});

Deno.test("celMatches() is the regular expression", () => {
  const rule = celMatches("self.text", /^a\/[^'\\]+\d$/);
  const matches = (text: string) => listBroken([{ rule, message: "no" }], { text }).length === 0;
  assert.ok(matches("a/b1"));
  assert.ok(!matches("a/b"));
  assert.ok(!matches("a/'1"));
});
