import assert from "node:assert/strict";
import { findingsOf } from "../../../kube/preflight/finding.ts";
import { renderRemedies } from "../../../plugin/doctor/render_remedies.ts";

Deno.test("renderRemedies() shows what failed first, breaks sentences, and never commands", () => {
  const command = `    kubectl ${"very-".repeat(12)}long`;
  const text = renderRemedies([
    findingsOf("clock").ok("fine"),
    findingsOf("gpu-plugin").warn(
      "none",
      "Install one, which takes a sentence that is longer than a line.",
    ),
    findingsOf("ca", "default").fail("none", "Do this:", command),
    findingsOf("keys", "default").unknown("who knows"),
  ], 50);
  assert.equal(
    text,
    `
What to do:
ca/default (FAIL)
  Do this:
  ${command}
gpu-plugin (warn)
  Install one, which takes a sentence that is
  longer than a line.
`,
  );
  assert.equal(renderRemedies([findingsOf("clock").ok("fine")], 80), "");
});
