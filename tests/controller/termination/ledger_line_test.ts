import assert from "node:assert/strict";
import { toLedgerLine } from "../../../controller/termination/ledger_line.ts";
import { formatTime } from "../../../schemas/conditions.ts";
import { parseUsd } from "../../../schemas/money.ts";
import {
  buildClaim,
  buildInfo,
  buildLaunch,
  buildSteps,
  testStart,
} from "../../support/controller_builders.ts";

const hour = 3_600_000;
const status = {
  launch: buildLaunch(),
  instanceID: "i-1",
  steps: buildSteps({ Accepted: 0, TerminateSent: 5400 }),
  prices: [
    { from: formatTime(testStart), perHour: parseUsd("1.00"), source: "Offer" as const },
    { from: formatTime(testStart + hour), perHour: parseUsd("2.00"), source: "Instance" as const },
  ],
  end: { reason: "Empty", message: "" },
};

Deno.test("toLedgerLine() books every price for as long as it held", () => {
  const line = toLedgerLine(buildClaim(status), buildInfo());
  assert.equal(line.cost, parseUsd("2.00"));
  assert.equal(line.until, formatTime(testStart + 1.5 * hour));
  assert.equal(line.uid, "claim-uid");
  assert.equal(line.nodePool, "gpu");
  assert.equal(line.account, "lambda");
  assert.equal(line.reason, "Empty");
  assert.deepEqual(line.prices.map(({ perHour }) => perHour), [parseUsd("1.00"), parseUsd("2.00")]);
});

Deno.test("toLedgerLine() of a claim made by hand and deleted by hand", () => {
  const { end: _end, ...rest } = status;
  const claim = buildClaim(rest);
  const { nodePoolRef: _pool, ...spec } = claim.spec;
  const line = toLedgerLine({ ...claim, spec }, buildInfo());
  assert.equal(line.nodePool, undefined);
  assert.equal(line.reason, "Deleted");
});

Deno.test("toLedgerLine() refuses to book what never was", () => {
  assert.throws(() => toLedgerLine(buildClaim({}), buildInfo()), /never had a machine/);
  const unknown = buildClaim({ launch: buildLaunch({ outcome: "Unknown" }) });
  assert.throws(() => toLedgerLine(unknown, buildInfo()), /never had a machine/);
});

const boots = [
  ["OutOfCapacity", "Cancelled"],
  ["NotNeeded", "Cancelled"],
  ["BootFailed", "Failed"],
  ["InstanceStopped", "Failed"],
  ["RegistrationTimeout", "Failed"],
] as const;

for (const [reason, boot] of boots) {
  Deno.test(`toLedgerLine() of a boot that ended as ${reason}: ${boot}`, () => {
    const claim = buildClaim({ ...status, end: { reason, message: "" } });
    assert.equal(toLedgerLine(claim, buildInfo()).boot, boot);
  });
}
