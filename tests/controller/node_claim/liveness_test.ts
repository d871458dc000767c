import assert from "node:assert/strict";
import { decideLiveness } from "../../../controller/node_claim/liveness.ts";
import { minutes } from "../../../schemas/duration.ts";
import {
  buildClaim,
  buildLaunch,
  buildSteps,
  testStart,
} from "../../support/controller_builders.ts";

const timeouts = { launch: minutes(10), registration: minutes(20), initialization: minutes(5) };
const at = (minute: number) => testStart + minute * 60_000;

Deno.test("decideLiveness() counts each step from the one before", () => {
  const cases = [
    [{ Ordered: 0 }, 9, "running", undefined],
    [{ Ordered: 0 }, 10, "expired", "LaunchTimeout"],
    [{ Ordered: 0, Running: 540 }, 28, "running", undefined],
    [{ Ordered: 0, Running: 540 }, 29, "expired", "RegistrationTimeout"],
    [{ Ordered: 0, Running: 540, Registered: 600 }, 14, "running", undefined],
    [{ Ordered: 0, Running: 540, Registered: 600 }, 15, "expired", "InitializationTimeout"],
    [{ Ordered: 0, Running: 540, Registered: 600, Initialized: 700 }, 500, "none", undefined],
  ] as const;
  for (const [offsets, minute, kind, reason] of cases) {
    const claim = buildClaim({ launch: buildLaunch(), steps: buildSteps(offsets) });
    const liveness = decideLiveness(claim, timeouts, at(minute));
    assert.equal(liveness.kind, kind, JSON.stringify(offsets));
    assert.equal(liveness.kind === "expired" ? liveness.end.reason : undefined, reason);
  }
});

Deno.test("decideLiveness() says what was last seen", () => {
  const claim = buildClaim({
    launch: buildLaunch(),
    instanceState: "booting",
    steps: buildSteps({ Ordered: 0 }),
  });
  const liveness = decideLiveness(claim, timeouts, at(11));
  assert.equal(
    liveness.kind === "expired" && liveness.end.message,
    'The machine did not start within 10m: the cloud says "booting"',
  );
});
