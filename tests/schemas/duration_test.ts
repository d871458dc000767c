import assert from "node:assert/strict";
import fc from "fast-check";
import { toStructural } from "../../generate/structural.ts";
import { createJudge } from "../support/structural_validator.ts";
import {
  boundedDuration,
  type DurationMs,
  durationSchema,
  formatDuration,
  minutes,
  parseDuration,
  seconds,
} from "../../schemas/duration.ts";

Deno.test("parseDuration() reads Kubernetes notation", () => {
  const cases = [["0s", 0], ["250ms", 250], ["15m", 900_000], ["1h30m", 5_400_000], [
    "90m",
    5_400_000,
  ]];
  for (const [text, ms] of cases) assert.equal(parseDuration(String(text)), ms);
});

for (const text of ["", "15", "15 m", "1.5h", "-5m", "5d", "m", "5M"]) {
  Deno.test(`parseDuration() refuses "${text}", and says what to write`, () => {
    assert.throws(() => parseDuration(text), {
      name: "RangeError",
      message: `Cannot read duration "${text}": write hours, minutes and seconds such as "1h30m"`,
    });
  });
}

Deno.test("formatDuration() writes the canonical notation", () => {
  const written = ["0s", "90s", "5400s", "1500ms", "26h"].map((text) =>
    formatDuration(parseDuration(text))
  );
  assert.deepEqual(written, ["0s", "1m30s", "1h30m", "1s500ms", "26h"]);
});

Deno.test("formatDuration() and parseDuration() are inverse", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), (ms) => {
    const duration = ms as DurationMs;
    assert.equal(parseDuration(formatDuration(duration)), duration);
  }));
});

Deno.test("minutes() and seconds() agree with the notation", () => {
  assert.equal(minutes(15), parseDuration("15m"));
  assert.equal(seconds(90), parseDuration("90s"));
});

Deno.test("durationSchema is a string on the wire and milliseconds in code", () => {
  assert.equal(durationSchema.decode("1h"), 3_600_000);
  assert.equal(durationSchema.encode(parseDuration("3600s")), "1h");
  assert.equal(durationSchema.safeParse("soon").success, false);
  assert.equal(durationSchema.safeParse(900).success, false);
});

Deno.test("boundedDuration() reads what durationSchema reads, and lets the API server refuse more", () => {
  const schema = boundedDuration({ max: "24h", zero: false });
  const judge = createJudge(toStructural(schema));
  const cases = [["1ms", true], ["24h", true], ["23h60m", true], ["24h1ms", false], ["0s", false], [
    "0h0m",
    false,
  ]] as const;
  for (const [text, allowed] of cases) {
    assert.equal(schema.parse(text), parseDuration(text));
    const { faults } = judge(text);
    assert.deepEqual(
      faults,
      allowed ? [] : [`<nil>: Invalid value: "${text}": must be more than zero and at most 24h`],
    );
  }
  // What is no duration is told so once.
  assert.equal(judge("soon").faults.length, 1);
  assert.deepEqual(
    createJudge(toStructural(boundedDuration({ max: "1h", zero: true })))("0s").faults,
    [],
  );
});
