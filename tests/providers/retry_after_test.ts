import assert from "node:assert/strict";
import { parseRetryAfterMs } from "../../providers/retry_after.ts";

Deno.test("parseRetryAfterMs() reads seconds and HTTP dates, and nothing else", () => {
  const now = Date.UTC(2026, 0, 1);
  const cases: [string | null, number | undefined][] = [
    ["0", 0],
    ["7", 7_000],
    ["1.5", 1_500],
    [" 120 ", 120_000],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 23:59:00 GMT", 0],
    [null, undefined],
    ["", undefined],
    ["soon", undefined],
    ["-5", undefined],
    ["1e9", undefined],
    ["2026-01-01", undefined],
    ["Thursday", undefined],
  ];
  for (const [header, expected] of cases) assert.equal(parseRetryAfterMs(header, now), expected);
});

Deno.test("parseRetryAfterMs() reads a date by the clock of who wrote it", () => {
  const now = Date.UTC(2026, 0, 1);
  const until = "Thu, 01 Jan 2026 00:10:30 GMT";
  const cases: [string | null, number][] = [
    ["Thu, 01 Jan 2026 00:10:00 GMT", 30_000],
    ["Thu, 01 Jan 2026 00:11:00 GMT", 0],
    [null, 630_000],
    ["yesterday", 630_000],
  ];
  for (const [date, expected] of cases) assert.equal(parseRetryAfterMs(until, now, date), expected);
  assert.equal(parseRetryAfterMs("7", now, "Thu, 01 Jan 2026 00:10:00 GMT"), 7_000);
});
