import assert from "node:assert/strict";
import { TemplateText, toLines, when } from "../../../generate/chart/template_text.ts";

Deno.test("TemplateText fills gaps within texts, and leaves the texts' own braces", () => {
  const text = new TemplateText();
  const written = text.write({
    host: `a.${text.inline("{{ .N }}")}.svc`,
    alert: "{{ $value }} keys",
  });
  assert.equal(written, `host: a.{{ .N }}.svc\nalert: '{{ "{{" }} $value {{ "}}" }} keys'\n`);
});

Deno.test("TemplateText puts lines in the place of items and fields, as far in as they were", () => {
  const text = new TemplateText();
  const written = text.write({
    spec: {
      args: ["a", text.items(when(".On", toLines(["b"])))],
      ...text.fields(when(".On", toLines({ c: 1 }))),
    },
  });
  assert.equal(
    written,
    "spec:\n  args:\n    - a\n    {{- if .On }}\n    - b\n    {{- end }}\n" +
      "  {{- if .On }}\n  c: 1\n  {{- end }}\n",
  );
});

Deno.test("TemplateText indents a block below its field, also in a list", () => {
  const text = new TemplateText();
  assert.equal(
    text.write({ list: [{ resources: text.block(".R") }] }),
    "list:\n  - resources:\n      {{- toYaml .R | nindent 6 }}\n",
  );
});

Deno.test("TemplateText refuses lines within a text", () => {
  const text = new TemplateText();
  assert.throws(() => text.write({ a: `x${text.items(["- b"])}` }), TypeError);
});
