import assert from "node:assert/strict";
import { judgeClock } from "../../../../kube/preflight/checks/clock.ts";

const cases: readonly (readonly [
  skewMs: number | undefined,
  isController: boolean,
  state: string,
  message: RegExp,
])[] = [
  [undefined, false, "unknown", /has not told/],
  [0, true, "ok", /agrees/],
  [2_900, true, "ok", /agrees/],
  [-2_900, false, "ok", /agrees/],
  [40_000, false, "warn", /^this machine's clock is 40s behind the API server's; ages/],
  [-3_600_000, false, "warn", /3600s ahead of/],
  [-40_000, true, "warn", /^the controller's clock is 40s ahead of .* tokens/],
  [90_000, true, "fail", /90s behind/],
];

for (const [skewMs, isController, state, message] of cases) {
  Deno.test(`judgeClock() of ${skewMs} ms, ${isController ? "controller" : "user"}: ${state}`, () => {
    const finding = judgeClock(skewMs, isController);
    assert.equal(finding.state, state);
    assert.match(finding.message, message);
    assert.equal(finding.remedy.length > 0, state === "warn" || state === "fail");
  });
}
