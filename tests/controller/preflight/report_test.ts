import assert from "node:assert/strict";
import { toReport } from "../../../controller/preflight/report.ts";
import { type Finding, findingsOf } from "../../../kube/preflight/finding.ts";
import { buildClass } from "../../support/controller_builders.ts";

const first = buildClass({ metadata: { name: "first" } });
const second = buildClass({ metadata: { name: "second" } });
const both = [first, second];

const good = findingsOf("rbac").ok("fine");
const everywhere = findingsOf("approver").fail("anybody can join");
const firstOnly = findingsOf("endpoint", "first").fail("nobody answers");
const mild = findingsOf("gpu-plugin").warn("none was found");

function notesOf(findings: readonly Finding[], before?: readonly Finding[]) {
  const last = before && toReport(before, both, undefined);
  return toReport(findings, both, last).notes.map(({ object, type, reason, message }) =>
    `${object.name} ${type} ${reason}: ${message}`
  );
}

const tail = ". What to do: kubectl tgp doctor";

Deno.test("toReport() tells classes what concerns them, worst first", () => {
  assert.deepEqual(notesOf([mild, everywhere, firstOnly, good]), [
    "first Warning PreflightFailed: approver: anybody can join; endpoint: nobody answers; " +
    `gpu-plugin: none was found${tail}`,
    `second Warning PreflightFailed: approver: anybody can join; gpu-plugin: none was found${tail}`,
  ]);
  assert.deepEqual(notesOf([mild]).map((note) => note.split(":")[0]), [
    "first Warning PreflightWarning",
    "second Warning PreflightWarning",
  ]);
});

Deno.test("toReport() says that all is well only where it was not", () => {
  assert.deepEqual(notesOf([good]), []);
  assert.deepEqual(notesOf([good], [firstOnly]), [
    "first Normal PreflightPassed: Nothing known keeps machines of this class from joining",
  ]);
});

Deno.test("toReport() does not repeat itself", () => {
  const findings = [everywhere, good];
  const last = toReport(findings, both, undefined);
  const report = toReport(findings, both, last);
  assert.deepEqual([report.notes, report.news], [[], []]);
  assert.deepEqual(toReport([mild, ...findings], both, last).news, [mild]);
});

Deno.test("toReport() counts what fails, by check, and forgets nothing that failed", () => {
  const report = toReport([everywhere, firstOnly, mild], both, undefined);
  assert.deepEqual([...report.failing], [["approver", 1], ["endpoint", 1], ["gpu-plugin", 0]]);
  assert.deepEqual([...toReport([mild], both, report).failing], [
    ["approver", 0],
    ["endpoint", 0],
    ["gpu-plugin", 0],
  ]);
});

Deno.test("toReport() keeps Events short", () => {
  const long = findingsOf("rbac").fail("x".repeat(3_000));
  const [note] = toReport([long], [first], undefined).notes;
  assert.ok((note?.message.length ?? 0) <= 1_024);
  assert.ok(note?.message.endsWith(tail));
});
