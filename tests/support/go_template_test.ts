import assert from "node:assert/strict";
import { renderTemplate } from "./go_template.ts";

const top = {
  Values: { name: "a", none: "", list: ["x", "y"], empty: [], on: true, off: false, map: { b: 1 } },
  Release: { Namespace: "ns" },
};

const cases: readonly (readonly [string, string])[] = [
  ["n: {{ .Values.name }}", "n: a"],
  ["{{ .Values.none | default .Release.Namespace }}", "ns"],
  ['{{ join "," .Values.list }}', "x,y"],
  ["a\n{{- if .Values.on }}\nb\n{{- end }}\nc", "a\nb\nc"],
  ["a\n{{- if and .Values.on .Values.off }}\nb\n{{- end }}\nc", "a\nc"],
  ["{{- with .Values.empty }}{{ . }}{{- end }}", ""],
  [
    "{{- range .Values.list }}\n- {{ . }} {{ $.Release.Namespace }}\n{{- end }}",
    "\n- x ns\n- y ns",
  ],
  ["m:\n  {{- toYaml .Values.map | nindent 2 }}", "m:\n  b: 1"],
  ['{{ "{{" }} $x {{ "}}" }}', "{{ $x }}"],
  ["{{- if .Values.off }}{{- range .Values.list }}{{ . }}{{- end }}{{- end }}z", "z"],
];

for (const [template, rendered] of cases) {
  Deno.test(`renderTemplate() renders ${JSON.stringify(template)}`, () => {
    assert.equal(renderTemplate(template, top), rendered);
  });
}

Deno.test("renderTemplate() refuses what it does not know", () => {
  for (
    const template of [
      "{{ .Values.typo }}",
      "{{ upper .Values.name }}",
      "{{ if .Values.on }}a",
      "a{{ end }}",
    ]
  ) {
    assert.throws(() => renderTemplate(template, top), SyntaxError, template);
  }
});
