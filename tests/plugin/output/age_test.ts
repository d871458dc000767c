import assert from "node:assert/strict";
import { formatAge, formatAgeOf } from "../../../plugin/output/age.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The cases of `HumanDuration` in k8s.io/apimachinery. */
const cases: readonly (readonly [ms: number, text: string])[] = [
  [-5 * second, "<invalid>"],
  [-900, "0s"],
  [0, "0s"],
  [119 * second, "119s"],
  [2 * minute, "2m"],
  [2 * minute + 5 * second, "2m5s"],
  [9 * minute + 59 * second, "9m59s"],
  [10 * minute + 30 * second, "10m"],
  [179 * minute, "179m"],
  [3 * hour, "3h"],
  [3 * hour + 12 * minute, "3h12m"],
  [8 * hour + 59 * minute, "8h"],
  [47 * hour, "47h"],
  [2 * day, "2d"],
  [2 * day + 3 * hour, "2d3h"],
  [8 * day + 5 * hour, "8d"],
  [729 * day, "729d"],
  [2 * 365 * day, "2y"],
  [2 * 365 * day + 30 * day, "2y30d"],
  [9 * 365 * day + 30 * day, "9y"],
];

Deno.test("formatAge() writes lengths of time as kubectl does", () => {
  for (const [ms, text] of cases) assert.equal(formatAge(ms), text);
});

Deno.test("formatAgeOf() says <unknown> without a time", () => {
  assert.equal(formatAgeOf("2026-01-01T00:00:00Z", Date.UTC(2026, 0, 1, 0, 6, 5)), "6m5s");
  assert.equal(formatAgeOf(undefined, 0), "<unknown>");
  assert.equal(formatAgeOf("soon", 0), "<unknown>");
});
