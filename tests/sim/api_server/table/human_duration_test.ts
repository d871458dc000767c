import assert from "node:assert/strict";
import { toAge, toHumanDuration } from "../../../../sim/api_server/table/human_duration.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// From `TestHumanDuration` of k8s.io/apimachinery `pkg/util/duration/duration_test.go`, v0.36.0.
Deno.test.each([
  [second, "1s"],
  [70 * second, "70s"],
  [190 * second, "3m10s"],
  [70 * minute, "70m"],
  [47 * hour, "47h"],
  [49 * hour, "2d1h"],
  [(8 * 24 + 2) * hour, "8d"],
  [367 * day, "367d"],
  [(365 * 2) * day + 25 * hour, "2y1d"],
  [(365 * 8) * day + 2 * hour, "8y"],
  [-3 * second, "<invalid>"],
  [-500, "0s"],
])("toHumanDuration(%d) is %s", (durationMs, text) => {
  assert.equal(toHumanDuration(durationMs), text);
});

Deno.test("toAge() does not guess", () => {
  assert.equal(toAge(undefined, 0), "<unknown>");
  assert.equal(toAge("2026-01-01T00:00:00Z", Date.UTC(2026, 0, 1, 0, 0, 5)), "5s");
});
